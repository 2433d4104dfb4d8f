import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { all } from "./all";
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
      const triggers = await all<Trigger>((query) => body(api.GET("/api/v1/projects/{projectId}/triggers", { params: { path, query }, signal })));
      return new Map(triggers.map((trigger) => [trigger.dataSourceId, trigger]));
    },
  });
