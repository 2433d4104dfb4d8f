import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { all } from "./all";
import { api, body } from "./client";

export type Trigger = components["schemas"]["Trigger"];
export type TestEvent = components["schemas"]["TestEvent"];
export type WebhookUrl = components["schemas"]["WebhookUrl"];

const LIST = "/api/v1/projects/{projectId}/triggers";

/** Begins every key of what was read of triggers. */
export const triggersKey = (projectId: string) => ["project", projectId, "triggers"];

/** All triggers of a project: a few hundred at most, so that filters need no server. */
export const triggers = (projectId: string) =>
  queryOptions({
    queryKey: [...triggersKey(projectId), "all"],
    queryFn: ({ signal }) => all((query) => body(api.GET(LIST, { params: { path: { projectId }, query }, signal }))),
  });

const at = (projectId: string, triggerId: string) => ({ params: { path: { projectId, triggerId } } });

/** From now on its URL accepts requests. */
export function activate(projectId: string, triggerId: string): Promise<Trigger> {
  return body(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/activate", at(projectId, triggerId)));
}

/** From now on its URL answers 404. */
export function deactivate(projectId: string, triggerId: string): Promise<Trigger> {
  return body(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/deactivate", at(projectId, triggerId)));
}

/** Its URL with the key; leaves an audit entry. */
export function revealUrl(projectId: string, triggerId: string): Promise<WebhookUrl> {
  return body(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/reveal-url", at(projectId, triggerId)));
}

/** Gives it a new key; the old one gets 401 from now on. */
export function resetApiKey(projectId: string, triggerId: string): Promise<WebhookUrl> {
  return body(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/reset-api-key", at(projectId, triggerId)));
}

/** Sends a real request to the webhook, as a sender would, and tells the answer. */
export function sendTestEvent(projectId: string, triggerId: string, text: string): Promise<TestEvent> {
  return body(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/test-event", { ...at(projectId, triggerId), body: { payload: { text } } }));
}

/** The commit that runs, where the active policy pins one. */
export const policy = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "policy", "named"],
    queryFn: async ({ signal }) => {
      const found = await body(api.GET("/api/v1/projects/{projectId}/active-policy", { params: { path: { projectId } }, signal }));
      if (found.kind !== "pinned" || !found.commitId) return { ...found, commit: undefined };
      const path = { projectId, commitId: found.commitId };
      return { ...found, commit: await body(api.GET("/api/v1/projects/{projectId}/commits/{commitId}", { params: { path }, signal })) };
    },
  });
