import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "./client";
import { projects } from "./projects";

const LIMIT = { limit: 200 };

const organizations = () =>
  queryOptions({
    queryKey: ["organizations"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/organizations", { params: { query: LIMIT }, signal })),
    staleTime: 60_000,
  });

const workspaces = () =>
  queryOptions({
    queryKey: ["workspaces"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/workspaces", { params: { query: LIMIT }, signal })),
    staleTime: 60_000,
  });

const WORDS: Record<string, string> = { organization: "organization", workspace: "workspace", project: "project" };

/** The word for a level. */
export function levelWord(level: string): string {
  return WORDS[level] ?? level;
}

/** How organizations, workspaces and projects are called; one that cannot be seen is called by its id. */
export function usePlaceNames(): (targetId: string) => string {
  const all = [useQuery(organizations()).data?.items, useQuery(workspaces()).data?.items, useQuery(projects()).data];
  const names = new Map(all.flatMap((items) => items ?? []).map((one) => [one.id, one.name]));
  return (targetId) => names.get(targetId) ?? targetId;
}
