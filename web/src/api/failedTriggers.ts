import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body } from "./client";
import { listOptions } from "./list";

export type FailedTrigger = components["schemas"]["FailedTrigger"];
export type FailedGroup = components["schemas"]["FailedTriggerGroup"];
export type FailedTriggerDetail = components["schemas"]["FailedTriggerDetail"];

/** The filters of the list that the address may name. */
export const FAILED_FILTERS = ["dataSourceId", "processDefinitionId", "stage", "causeCode", "eventId", "status"] as const;
export type FailedFilter = Partial<Record<(typeof FAILED_FILTERS)[number] | "from" | "to", string>>;

/** What is read again when something about failed triggers has changed. */
export const FAILED_NOUN = "failed-triggers";

const ONE = "/api/v1/projects/{projectId}/failed-triggers/{failedTriggerId}";

/** Failed triggers, the newest first. `key` tells lists apart whose times are relative to now. */
export const failedTriggers = (projectId: string, filter: () => FailedFilter, key: unknown) =>
  listOptions<FailedTrigger>(["project", projectId, FAILED_NOUN, "list", key], (page, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/failed-triggers", { params: { path: { projectId }, query: { ...page, ...filter() } }, signal })),
  );

/** Failed triggers that are alike, with how many there are: those with the newest first. */
export const failedGroups = (projectId: string, filter: () => FailedFilter, key: unknown) =>
  listOptions<FailedGroup>(["project", projectId, FAILED_NOUN, "groups", key], (page, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/failed-triggers/groups", { params: { path: { projectId }, query: { ...page, ...filter() } }, signal })),
  );

/** One of them: what was sent, the cause, what to do. */
export const failedTrigger = (projectId: string, failedTriggerId: string) =>
  queryOptions({
    queryKey: ["project", projectId, FAILED_NOUN, "one", failedTriggerId],
    queryFn: ({ signal }) => body(api.GET(ONE, { params: { path: { projectId, failedTriggerId } }, signal })),
  });

/** Runs its event again, in the running commit. */
export function retryOne(projectId: string, failedTriggerId: string) {
  return body(api.POST("/api/v1/projects/{projectId}/failed-triggers/{failedTriggerId}/retry", { params: { path: { projectId, failedTriggerId } } }));
}

/** Removes it from the list, with its payload. */
export async function dismissOne(projectId: string, failedTriggerId: string): Promise<void> {
  await api.DELETE(ONE, { params: { path: { projectId, failedTriggerId } } });
}
