import type { components } from "#schema";
import { api, body } from "./client";
import { listOptions } from "./list";
import type { Operation } from "./operations";

export type OpenIncident = components["schemas"]["OpenIncident"];
export type IncidentSelection = components["schemas"]["IncidentSelection"];

/** The filters of the list that the address may name. */
export const INCIDENT_FILTERS = ["processDefinitionId", "causeCode"] as const;
export type IncidentFilter = Partial<Record<(typeof INCIDENT_FILTERS)[number] | "from" | "to", string>>;

/** What is read again when something about incidents has changed. */
export const INCIDENT_NOUN = "incidents";

/** Open incidents of all instances, the newest first. `key` tells lists apart whose times are relative to now. */
export const allIncidents = (projectId: string, filter: () => IncidentFilter, key: unknown) =>
  listOptions<OpenIncident>(["project", projectId, INCIDENT_NOUN, "list", key], (page, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/incidents", { params: { path: { projectId }, query: { ...page, ...filter() } }, signal })),
  );

/** Tries the elements of many incidents again. */
export function retryIncidents(projectId: string, chosen: IncidentSelection): Promise<Operation> {
  return body(api.POST("/api/v1/projects/{projectId}/incidents/retry", { params: { path: { projectId } }, body: chosen }));
}
