import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { queries } from "../queries";
import type { Place } from "../shell/place";
import { api, body, tagged } from "./client";
import { listOptions } from "./list";

export type Change = components["schemas"]["ChangedResource"];
export type Commit = components["schemas"]["Commit"];
export type CommitDetail = components["schemas"]["CommitDetail"];
export type CommitMade = components["schemas"]["CommitMade"];
export type CheckProblem = components["schemas"]["CheckProblem"];
export type CommitPreview = components["schemas"]["CommitPreview"];
export type CommittedChange = components["schemas"]["CommittedChange"];
export type CommittedContent = components["schemas"]["CommittedContent"];
export type Difference = components["schemas"]["Difference"];
export type ElementDifference = components["schemas"]["ElementDifference"];
export type TriggerPlan = components["schemas"]["TriggerPlan"];

const ONE = "/api/v1/projects/{projectId}/commits/{commitId}";

/** Everything that was read of the work in progress of a project's branches. */
export const changesKey = (projectId: string) => ["project", projectId, "changes"];

/** Everything that was read of a project's commits. */
export const commitsKey = (projectId: string) => ["project", projectId, "commits"];

/** What a branch's next commit would take, with the branch's ETag. */
export const changes = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: [...changesKey(projectId), "list", branch],
    queryFn: ({ signal }) =>
      tagged(api.GET("/api/v1/projects/{projectId}/branches/{branch}/changes", { params: { path: { projectId, branch } }, signal })),
  });

/** The commits made on a branch, the newest first. */
export const commits = ({ projectId, branch }: Place) =>
  listOptions<Commit>([...commitsKey(projectId), "list", branch], (query, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/commits", { params: { path: { projectId, branch }, query }, signal })),
  );

/** A commit with its snapshot. */
export const commit = (projectId: string, commitId: string) =>
  queryOptions({
    queryKey: [...commitsKey(projectId), "one", commitId],
    queryFn: ({ signal }) => body(api.GET(ONE, { params: { path: { projectId, commitId } }, signal })),
  });

/** What one resource's change is, against the branch's last commit. */
export const change = ({ projectId, branch }: Place, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...changesKey(projectId), "one", branch, resourceDefinitionId],
    queryFn: ({ signal }) => {
      const path = { projectId, branch, resourceDefinitionId };
      return body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/changes/{resourceDefinitionId}", { params: { path }, signal }));
    },
  });

/** What a commit changed, against the one before it. */
export const commitChanges = (projectId: string, commitId: string) =>
  queryOptions({
    queryKey: [...commitsKey(projectId), "changes", commitId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => body(api.GET(`${ONE}/changes`, { params: { path: { projectId, commitId } }, signal })),
  });

/** What a commit changed in one resource. */
export const commitChange = (projectId: string, commitId: string, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...commitsKey(projectId), "change", commitId, resourceDefinitionId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      body(api.GET(`${ONE}/changes/{resourceDefinitionId}`, { params: { path: { projectId, commitId, resourceDefinitionId } }, signal })),
  });

/** A resource as a commit has it. */
export const committed = (projectId: string, commitId: string, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...commitsKey(projectId), "resource", commitId, resourceDefinitionId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      body(api.GET(`${ONE}/resources/{resourceDefinitionId}`, { params: { path: { projectId, commitId, resourceDefinitionId } }, signal })),
  });

/** The file of a process as a commit has it. */
export const committedBpmn = (projectId: string, commitId: string | null, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...commitsKey(projectId), "bpmn", commitId, resourceDefinitionId],
    staleTime: Number.POSITIVE_INFINITY,
    enabled: commitId !== null,
    queryFn: ({ signal }) => {
      const path = { projectId, commitId: commitId ?? "", resourceDefinitionId };
      return body(api.GET(`${ONE}/resources/{resourceDefinitionId}/bpmn`, { params: { path }, parseAs: "text", signal }));
    },
  });

/** The file of a process in a branch's work in progress. */
export const draftBpmn = ({ projectId, branch }: Place, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...changesKey(projectId), "bpmn", branch, resourceDefinitionId],
    queryFn: ({ signal }) => {
      const at = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/bpmn";
      return body(api.GET(at, { params: { path: { projectId, branch, resourceDefinitionId } }, parseAs: "text", signal }));
    },
  });

/** What one version of a resource changes against another. */
export const compared = (projectId: string, resourceDefinitionId: string, versions: { now: string; before: string }) =>
  queryOptions({
    queryKey: [...commitsKey(projectId), "compared", resourceDefinitionId, versions],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const at = "/api/v1/projects/{projectId}/resources/{resourceDefinitionId}/versions/{versionId}/changes";
      const params = { path: { projectId, resourceDefinitionId, versionId: versions.now }, query: { against: versions.before } };
      return body(api.GET(at, { params, signal }));
    },
  });

/** The commits of all branches, the newest first. */
export const projectCommits = (projectId: string) =>
  listOptions<Commit>([...commitsKey(projectId), "all"], (query, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/commits", { params: { path: { projectId }, query }, signal })),
  );

/**
 * What a commit of these resources would do. `etag`: the branch's, which they were read with. It is no news that makes
 * this old, since the resources may be gone with it, but the list that is read again then.
 */
export const commitPreview = ({ projectId, branch }: Place, etag: string, resources: string[]) =>
  queryOptions({
    queryKey: ["project", projectId, "commit-preview", branch, etag, resources],
    enabled: resources.length > 0,
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/projects/{projectId}/branches/{branch}/commits/preview", {
          params: { path: { projectId, branch } },
          body: { resources, unlink: [] },
          signal,
        }),
      ),
  });

/** Puts resources back to the last commit. */
export function discard({ projectId, branch }: Place, etag: string, resources: string[]) {
  const params = { path: { projectId, branch }, header: { "If-Match": etag } };
  return tagged(api.POST("/api/v1/projects/{projectId}/branches/{branch}/discard", { params, body: { resources } }));
}

/** Puts resources to what they were in a commit. */
export function restore({ projectId, branch }: Place, etag: string, from: { commitId: string; resources: string[] }) {
  const params = { path: { projectId, branch }, header: { "If-Match": etag } };
  return tagged(api.POST("/api/v1/projects/{projectId}/branches/{branch}/restore", { params, body: from }));
}

/** What a commit takes. */
export interface Taken {
  message: string;
  resources: string[];
  unlink: string[];
}

/** Commits chosen resources. */
export function makeCommit({ projectId, branch }: Place, taken: Taken): Promise<CommitMade> {
  return body(api.POST("/api/v1/projects/{projectId}/branches/{branch}/commits", { params: { path: { projectId, branch } }, body: taken }));
}

/** What is running may be another commit now: everything that shows it is read again. */
export function runningChanged(projectId: string): void {
  for (const noun of ["changes", "commits", "policy", "triggers", "branches"]) {
    void queries.invalidateQueries({ queryKey: ["project", projectId, noun] });
  }
}

/** The work in progress is another now. */
export function workChanged(projectId: string): void {
  for (const noun of ["changes", "data-sources", "process-definitions"]) {
    void queries.invalidateQueries({ queryKey: ["project", projectId, noun] });
  }
}
