import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body } from "./client";
import { listOptions } from "./list";

export type EventSummary = components["schemas"]["EventSummary"];
export type EventDetail = components["schemas"]["Event"];

/** The filters of the list that the address may name. */
export const EVENT_FILTERS = ["dataSourceId", "outcome"] as const;
export type EventFilter = Partial<Record<(typeof EVENT_FILTERS)[number] | "from" | "to", string>>;

/** Requests of all webhooks, the newest first. `key` tells lists apart whose times are relative to now. */
export const events = (projectId: string, filter: () => EventFilter, key: unknown) =>
  listOptions<EventSummary>(["project", projectId, "events", "list", key], (page, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/events", { params: { path: { projectId }, query: { ...page, ...filter() } }, signal })),
  );

/** What became of one. */
export const event = (projectId: string, eventId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "events", "one", eventId],
    queryFn: ({ signal }) => body(api.GET("/api/v1/projects/{projectId}/events/{eventId}", { params: { path: { projectId, eventId } }, signal })),
  });
