import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./client";

/** What the palette can jump to beside pages: projects, and the processes and webhooks of the branch. */
export const things = ({ projectId, branch }: { projectId: string; branch: string }) =>
  queryOptions({
    queryKey: ["things", projectId, branch],
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const query = { limit: 200 };
      const all = await body(api.GET("/api/v1/projects", { params: { query }, signal }));
      const projects = all.items.map((project) => ({ label: project.name, kind: "Project", to: `/projects/${project.id}` }));
      if (!projectId) return projects;
      const params = { path: { projectId, branch }, query };
      const [processes, sources] = await Promise.all([
        body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/process-definitions", { params, signal })),
        body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/data-sources", { params, signal })),
      ]);
      const below = `/projects/${projectId}/branches/${encodeURIComponent(branch)}`;
      return [
        ...processes.items.map((one) => ({ label: one.name, kind: "Process", to: `${below}/processes/${one.resourceDefinitionId}` })),
        ...sources.items.map((one) => ({ label: one.name, kind: "Webhook", to: `${below}/data-sources/${one.resourceDefinitionId}` })),
        ...projects,
      ];
    },
  });
