import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { queries } from "../queries";
import type { Place } from "../shell/place";
import { all } from "./all";
import { api, body } from "./client";

type Trigger = components["schemas"]["Trigger"];
type Process = components["schemas"]["ProcessDefinition"];

/** A process that starts on a data source. */
export interface Use {
  id: string;
  name: string;
}

/** The namespace of Forebay's own elements in a BPMN file. */
const NAMESPACE = "http://forebay.dev/schema/bpmn/1.0";

/** How many files are read at once. */
const AT_ONCE = 6;

/** The data sources that a BPMN file selects. What cannot be read selects nothing: its check says so. */
export function selected(xml: string): Set<string> {
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const triggers = [...file.getElementsByTagNameNS(NAMESPACE, "processTrigger")];
  return new Set(triggers.flatMap((trigger) => trigger.getAttribute("dataSource")?.toLowerCase() ?? []));
}

/** Which processes of a branch's work in progress start on which data source: by its id. */
export const uses = (place: Place) =>
  queryOptions({
    queryKey: ["project", place.projectId, "process-definitions", "uses", place.branch],
    queryFn: async ({ signal }) => {
      const found = new Map<string, Use[]>();
      const open = await processes(place, signal);
      const worker = async () => {
        for (let one = open.shift(); one; one = open.shift()) {
          const use = { id: one.resourceDefinitionId, name: one.name };
          for (const source of await queries.fetchQuery(selection(place, one))) found.set(source, [...(found.get(source) ?? []), use]);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      for (const users of found.values()) users.sort((a, b) => a.name.localeCompare(b.name, "en"));
      return found;
    },
  });

/** A file is read again only when it was saved again. */
const selection = ({ projectId, branch }: Place, process: Process) =>
  queryOptions({
    queryKey: ["selection", branch, process.resourceDefinitionId, process.updatedAt],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const path = { projectId, branch, resourceDefinitionId: process.resourceDefinitionId };
      const at = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/bpmn";
      return selected(await body(api.GET(at, { params: { path }, parseAs: "text" })));
    },
  });

async function processes({ projectId, branch }: Place, signal: AbortSignal): Promise<Process[]> {
  const at = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions";
  return all((query) => body(api.GET(at, { params: { path: { projectId, branch }, query }, signal })));
}

/** The triggers that the running commit connects, by their data source. */
export const triggersBySource = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "triggers", "by-source"],
    queryFn: async ({ signal }) => {
      const path = { projectId };
      const triggers = await all<Trigger>((query) => body(api.GET("/api/v1/projects/{projectId}/triggers", { params: { path, query }, signal })));
      return new Map(triggers.map((trigger) => [trigger.dataSourceId, trigger]));
    },
  });
