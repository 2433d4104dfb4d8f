import { queryOptions } from "@tanstack/react-query";
import type { Place } from "../shell/place";
import { api, body } from "./client";

/** The resources of a branch that differ from its last commit. */
export const changedIds = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: ["project", projectId, "changes", "ids", branch],
    queryFn: async ({ signal }) => {
      const changes = await body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/changes", { params: { path: { projectId, branch } }, signal }));
      return new Set(changes.items.map((change) => change.resourceDefinitionId));
    },
  });
