import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Place } from "../shell/place";
import { all } from "./all";
import { api, body } from "./client";
import { triggers } from "./triggers";

/** A thing with its name, for a filter. */
export interface Named {
  value: string;
  label: string;
}

/** The data sources of a branch, by name. */
export const dataSourceNames = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: ["project", projectId, "data-sources", "names", branch],
    queryFn: async ({ signal }) => {
      const at = "/api/v1/projects/{projectId}/branches/{branch}/data-sources";
      const every = await all((query) => body(api.GET(at, { params: { path: { projectId, branch }, query }, signal })));
      return every.map((one) => ({ value: one.resourceDefinitionId, label: one.name }));
    },
  });

const processes = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: ["project", projectId, "process-definitions", "names", branch],
    queryFn: async ({ signal }) => {
      const at = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions";
      const every = await all((query) => body(api.GET(at, { params: { path: { projectId, branch }, query }, signal })));
      return every.map((one) => ({ value: one.resourceDefinitionId, label: one.name }));
    },
  });

/** The webhooks that can be filtered by: those that run, and those of the branch. */
export function useWebhookNames(place: Place): Named[] {
  const running = useQuery(triggers(place.projectId)).data ?? [];
  const drawn = useQuery(dataSourceNames(place)).data ?? [];
  const known = new Map(drawn.map((one) => [one.value, one.label]));
  for (const trigger of running) known.set(trigger.dataSourceId, trigger.name);
  return sorted(known);
}

/** The processes of the branch. */
export function useProcessNames(place: Place): Named[] {
  return sorted(new Map((useQuery(processes(place)).data ?? []).map((one) => [one.value, one.label])));
}

function sorted(names: Map<string, string>): Named[] {
  return [...names].map(([value, label]) => ({ value, label })).toSorted((a, b) => a.label.localeCompare(b.label, "en"));
}
