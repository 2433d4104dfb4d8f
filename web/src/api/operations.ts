import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body } from "./client";

export type Operation = components["schemas"]["Operation"];
export type FailedSelection = components["schemas"]["FailedTriggerSelection"];

const LIST = "/api/v1/projects/{projectId}/operations";

/** What is read again when something about operations has changed. */
export const operationsKey = (projectId: string) => ["project", projectId, "operations"];

/** How often a running operation is looked at, and how often whether there is one. */
const RUNNING = 700;
const NONE = 10_000;

/** How many of the last operations are looked at. */
const LAST = 10;

/** Whether an operation has come to its end. */
export function ended(operation: Operation): boolean {
  return operation.state !== "queued" && operation.state !== "running";
}

/** The last operations of a project, the newest first. They go on whoever looks or does not. */
export const operations = (projectId: string) =>
  queryOptions({
    queryKey: [...operationsKey(projectId), "last"],
    queryFn: async ({ signal }) => (await body(api.GET(LIST, { params: { path: { projectId }, query: { limit: LAST } }, signal }))).items,
    enabled: projectId !== "",
    refetchInterval: ({ state }) => (state.status === "error" ? false : state.data?.some((one) => !ended(one)) ? RUNNING : NONE),
  });

/** Runs the events of the chosen failed triggers again, in the running commit. */
export function retryMany(projectId: string, chosen: FailedSelection): Promise<Operation> {
  return body(api.POST("/api/v1/projects/{projectId}/failed-triggers/retry", { params: { path: { projectId } }, body: chosen }));
}

/** Removes the chosen failed triggers from the list. */
export function dismissMany(projectId: string, chosen: FailedSelection): Promise<Operation> {
  return body(api.POST("/api/v1/projects/{projectId}/failed-triggers/dismiss", { params: { path: { projectId } }, body: chosen }));
}

/** Ends an operation where it stands. */
export function cancelOperation(projectId: string, operationId: string): Promise<Operation> {
  return body(api.POST("/api/v1/projects/{projectId}/operations/{operationId}/cancel", { params: { path: { projectId, operationId } } }));
}
