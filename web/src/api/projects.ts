import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { all, byName } from "./all";
import { api, body, tagged } from "./client";

/** The projects that the person can see, by name. */
export const projects = () =>
  queryOptions({
    queryKey: [...projectsKey, "all"],
    queryFn: async ({ signal }) => (await all((query) => body(api.GET("/api/v1/projects", { params: { query }, signal })))).toSorted(byName),
  });

/** The branches of a project, `main` first, then by name. */
export const branches = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "branches"],
    queryFn: async ({ signal }) => {
      const items = await all((query) => body(api.GET("/api/v1/projects/{projectId}/branches", { params: { path: { projectId }, query }, signal })));
      return { items: items.toSorted((a, b) => Number(b.name === "main") - Number(a.name === "main") || byName(a, b)) };
    },
    enabled: projectId !== "",
  });

/** One project: its name, and where it is. */
export const projectOf = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "self"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/projects/{projectId}", { params: { path: { projectId } }, signal })),
    enabled: projectId !== "",
    staleTime: 60_000,
  });

export type Project = components["schemas"]["Project"];

const ONE = "/api/v1/projects/{projectId}";

/** Everything that was read of the lists of projects. */
export const projectsKey = ["projects"];

/** A project, with its ETag. */
export const project = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "project"],
    queryFn: ({ signal }) => tagged(api.GET(ONE, { params: { path: { projectId } }, signal })),
  });

/** Makes a project. */
export function makeProject(name: string): Promise<Project> {
  return body(api.POST("/api/v1/projects", { body: { name } }));
}

/** Gives a project that was read with this ETag another name. */
export function renameProject(projectId: string, etag: string, name: string): Promise<Project> {
  return body(api.PATCH(ONE, { params: { path: { projectId }, header: { "If-Match": etag } }, body: { name } }));
}

/** Erases a project that was read with this ETag, and everything in it. */
export async function deleteProject(projectId: string, etag: string): Promise<void> {
  await api.DELETE(ONE, { params: { path: { projectId }, header: { "If-Match": etag } } });
}
