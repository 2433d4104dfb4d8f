import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body } from "./client";

type Trigger = components["schemas"]["Trigger"];

/** A resource that another one names: a process that starts on a data source. */
export type Use = components["schemas"]["ResourceReference"];

/** The triggers that the running commit connects, by their data source. */
export const triggersBySource = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "triggers", "by-source"],
    queryFn: async ({ signal }) => {
      const path = { projectId };
      const all = await whole<Trigger>((query) => body(api.GET("/api/v1/projects/{projectId}/triggers", { params: { path, query }, signal })));
      return new Map(all.map((trigger) => [trigger.dataSourceId, trigger]));
    },
  });

async function whole<T>(read: (query: { limit: number; cursor?: string }) => Promise<{ items: T[]; nextCursor: string | null }>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: { items: T[]; nextCursor: string | null } = await read(cursor ? { limit: 200, cursor } : { limit: 200 });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}
