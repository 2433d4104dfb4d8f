import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body } from "./client";
import { listOptions } from "./list";

export type Instance = components["schemas"]["Instance"];
export type InstanceDetail = components["schemas"]["InstanceDetail"];
export type Visit = components["schemas"]["Visit"];
export type InstanceCounts = components["schemas"]["InstanceCounts"];
export type OpenIncident = components["schemas"]["OpenIncident"];
export type Incident = components["schemas"]["Incident"];

/** The filters of the list that the address may name. */
export const INSTANCE_FILTERS = ["status", "processDefinitionId", "dataSourceId", "eventId"] as const;
export type InstanceFilter = Partial<Record<(typeof INSTANCE_FILTERS)[number] | "from" | "to", string>>;

/** What is read again when something about instances has changed. */
export const INSTANCE_NOUN = "instances";

const ONE = "/api/v1/projects/{projectId}/process-instances/{instanceId}";

/** Process instances, the newest first. `key` tells lists apart whose times are relative to now. */
export const instances = (projectId: string, filter: () => InstanceFilter, key: unknown) =>
  listOptions<Instance>(["project", projectId, INSTANCE_NOUN, "list", key], (page, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/process-instances", { params: { path: { projectId }, query: { ...page, ...filter() } }, signal })),
  );

/** How many there are in each state, of those that the filters mean; the state itself is no filter here. */
export const instanceCounts = (projectId: string, filter: () => InstanceFilter, key: unknown) =>
  queryOptions({
    queryKey: ["project", projectId, INSTANCE_NOUN, "counts", key],
    queryFn: ({ signal }) => {
      const at = "/api/v1/projects/{projectId}/process-instances/counts";
      return body(api.GET(at, { params: { path: { projectId }, query: filter() }, signal }));
    },
  });

/** One of them: its state, its path. */
export const instance = (projectId: string, instanceId: string) =>
  queryOptions({
    queryKey: ["project", projectId, INSTANCE_NOUN, "one", instanceId],
    queryFn: ({ signal }) => body(api.GET(ONE, { params: { path: { projectId, instanceId } }, signal })),
  });

/** The JSON text of a variable, as it is stored. `version` is when the instance changed last. */
export const variable = (projectId: string, instanceId: string, name: string, version: string) =>
  queryOptions({
    queryKey: ["project", projectId, "variables", instanceId, name, version],
    queryFn: async ({ signal }): Promise<string> => {
      const answer = await api.GET(`${ONE}/variables/{name}`, { params: { path: { projectId, instanceId, name } }, parseAs: "text", signal });
      return String(answer.data);
    },
    staleTime: 60_000,
  });

/** The process as the commit that runs has it. It never changes. */
export const processFile = (projectId: string, commitId: string, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "commits", "bpmn", commitId, resourceDefinitionId],
    queryFn: async ({ signal }): Promise<string> => {
      const at = "/api/v1/projects/{projectId}/commits/{commitId}/resources/{resourceDefinitionId}/bpmn";
      const answer = await api.GET(at, { params: { path: { projectId, commitId, resourceDefinitionId } }, parseAs: "text", signal });
      return String(answer.data);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Ends it. */
export function cancelInstance(projectId: string, instanceId: string) {
  return body(api.POST("/api/v1/projects/{projectId}/process-instances/{instanceId}/cancel", { params: { path: { projectId, instanceId } } }));
}

/** The open incidents of an instance, each with its id. `version` is when the instance changed last. */
export const openIncidents = (projectId: string, instanceId: string, version: string) =>
  queryOptions({
    queryKey: ["project", projectId, INSTANCE_NOUN, "incidents", instanceId, version],
    queryFn: ({ signal }) => body(api.GET(`${ONE}/incidents`, { params: { path: { projectId, instanceId } }, signal })),
  });

/** Tries the element of an incident again. */
export function retryIncident(projectId: string, incidentId: string) {
  return body(api.POST("/api/v1/projects/{projectId}/incidents/{incidentId}/retry", { params: { path: { projectId, incidentId } } }));
}

/** Merges values into the variables. The patch goes as the text that it is: no value is ever made of it. */
export function changeVariables(projectId: string, instanceId: string, patch: string) {
  const bodySerializer = () => `{"patch":${patch}}`;
  return body(api.POST(`${ONE}/change-variables`, { params: { path: { projectId, instanceId } }, body: { patch: {} }, bodySerializer }));
}
