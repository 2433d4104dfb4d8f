import { queryOptions } from "@tanstack/react-query";
import type { components, operations } from "#schema";
import type { Place } from "../shell/place";
import { api, body, tagged } from "./client";

export type Branch = components["schemas"]["Branch"];
export type NewBranch = components["schemas"]["NewBranch"];

export type Brought = components["schemas"]["Brought"];
export type Choice = operations["bring"]["requestBody"]["content"]["application/json"]["choices"][number];

const ONE = "/api/v1/projects/{projectId}/branches/{branch}";
const BRING = `${ONE}/bring` as const;

/** A branch, with its ETag, which changes with everything in its work in progress. */
export const branch = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: ["project", projectId, "branches", "one", branch],
    queryFn: ({ signal }) => tagged(api.GET(ONE, { params: { path: { projectId, branch } }, signal })),
  });

/** Whose commit is brought: a branch's last one, or one of them. */
export type From = { fromBranch: string } | { commitId: string };

/** What bringing another branch's commit would mean for each resource. */
export const bringPreview = ({ projectId, branch }: Place, from: From) =>
  queryOptions({
    queryKey: ["project", projectId, "changes", "bring", branch, from],
    queryFn: ({ signal }) => tagged(api.GET(BRING, { params: { path: { projectId, branch }, query: from }, signal })),
  });

/** Brings chosen resources into the work in progress. */
export function bring({ projectId, branch }: Place, etag: string, wish: { commitId: string; choices: Choice[] }) {
  return tagged(api.POST(BRING, { params: { path: { projectId, branch }, header: { "If-Match": etag } }, body: wish }));
}

/** Gives a branch that was read with this ETag another name. */
export function renameBranch({ projectId, branch }: Place, etag: string, name: string): Promise<Branch> {
  return body(api.PATCH(ONE, { params: { path: { projectId, branch }, header: { "If-Match": etag } }, body: { name } }));
}

/** Deletes a branch that was read with this ETag; with what is not committed, where that is said. */
export async function deleteBranch({ projectId, branch }: Place, etag: string, discardChanges: boolean): Promise<void> {
  await api.DELETE(ONE, { params: { path: { projectId, branch }, header: { "If-Match": etag }, query: { discardChanges } } });
}

/** Makes a branch. */
export function makeBranch(projectId: string, made: NewBranch): Promise<Branch> {
  return body(api.POST("/api/v1/projects/{projectId}/branches", { params: { path: { projectId } }, body: made }));
}
