import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body } from "./client";

export type Servers = components["schemas"]["Servers"];
export type RunningServer = components["schemas"]["RunningServer"];

/** How often the page asks: a server writes its row once a second. */
const EVERY = 2_000;

/** The running servers, asked for again and again while the page is open. */
export const servers = () =>
  queryOptions({
    queryKey: ["servers"],
    queryFn: ({ signal }): Promise<Servers> => body(api.GET("/api/v1/servers", { signal })),
    refetchInterval: EVERY,
  });
