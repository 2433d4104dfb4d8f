import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./client";

/** The projects that the person can see. */
export const projects = () =>
  queryOptions({
    queryKey: ["projects"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/projects", { params: { query: { limit: 200 } }, signal })),
  });

/** The branches of a project. */
export const branches = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "branches"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/projects/{projectId}/branches", { params: { path: { projectId } }, signal })),
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
