import { queryOptions } from "@tanstack/react-query";
import { all } from "./all";
import { api, body } from "./client";

/** Older commits are found in Versions. */
const COMMITS = 2_000;

/** What the palette can jump to beside pages: projects, branches and commits, the processes and webhooks of the branch. */
export const things = ({ projectId, branch }: { projectId: string; branch: string }) =>
  queryOptions({
    queryKey: ["things", projectId, branch],
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const projects = all((query) => body(api.GET("/api/v1/projects", { params: { query }, signal })));
      const [own, others] = await Promise.all([projectId ? inProject(projectId, branch, signal) : [], projects]);
      return [...own, ...others.map((project) => ({ label: project.name, kind: "Project", to: `/projects/${project.id}` }))];
    },
  });

async function inProject(projectId: string, branch: string, signal: AbortSignal) {
  const path = { projectId, branch };
  const [processes, sources, branches, commits] = await Promise.all([
    all((query) => body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/process-definitions", { params: { path, query }, signal }))),
    all((query) => body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/data-sources", { params: { path, query }, signal }))),
    all((query) => body(api.GET("/api/v1/projects/{projectId}/branches", { params: { path: { projectId }, query }, signal }))),
    all((query) => body(api.GET("/api/v1/projects/{projectId}/commits", { params: { path: { projectId }, query }, signal })), COMMITS),
  ]);
  const on = (name: string) => `/projects/${projectId}/branches/${encodeURIComponent(name)}`;
  return [
    ...processes.map((one) => ({ label: one.name, kind: "Process", to: `${on(branch)}/processes/${one.resourceDefinitionId}` })),
    ...sources.map((one) => ({ label: one.name, kind: "Data source", to: `${on(branch)}/data-sources/${one.resourceDefinitionId}` })),
    ...branches.map((one) => ({ label: one.name, kind: "Branch", to: `${on(one.name)}/versions` })),
    ...commits.map((one) => ({
      label: `${one.number} · ${one.message}`,
      kind: one.branchDeleted ? "Commit" : `Commit on ${one.branch}`,
      to: `${on(one.branchDeleted ? branch : one.branch)}/versions/commits/${one.id}`,
    })),
  ];
}
