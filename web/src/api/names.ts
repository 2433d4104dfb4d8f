import { useQuery } from "@tanstack/react-query";
import type { Place } from "../shell/place";
import { byName } from "./all";
import { dataSources } from "./dataSources";
import { processes } from "./processes";
import { triggers } from "./triggers";

/** A thing with its name, for a filter. */
export interface Named {
  value: string;
  label: string;
}

/** The webhooks that can be filtered by: those that run, and those of the branch. */
export function useWebhookNames(place: Place): Named[] {
  const running = useQuery(triggers(place.projectId)).data ?? [];
  const drawn = useQuery(dataSources(place)).data ?? [];
  const known = new Map(drawn.map((one) => [one.resourceDefinitionId, one.name]));
  for (const trigger of running) known.set(trigger.dataSourceId, trigger.name);
  return [...known].map(([id, name]) => ({ id, name })).toSorted(byName).map(({ id, name }) => ({ value: id, label: name }));
}

/** The processes of the branch. */
export function useProcessNames(place: Place): Named[] {
  const drawn = useQuery(processes(place)).data ?? [];
  return drawn.map((one) => ({ value: one.resourceDefinitionId, label: one.name }));
}
