import type { components } from "#schema";
import type { Place } from "../shell/place";
import { api, body, tagged } from "./client";

export type Imported = components["schemas"]["Imported"];

const INTO = "/api/v1/projects/{projectId}/branches/{branch}/import";

/** An archive goes as it is. The body of the typed call is only a place holder: the file stands for it. */
const archive = (file: File) => ({ body: "", bodySerializer: () => file, headers: { "content-type": "application/gzip" } });

/** The work in progress of a branch, as an archive. */
export function exportBranch({ projectId, branch }: Place): Promise<Blob> {
  return body(api.GET("/api/v1/projects/{projectId}/branches/{branch}/export", { params: { path: { projectId, branch } }, parseAs: "blob" }));
}

/** A commit, as an archive. */
export function exportCommit(projectId: string, commitId: string): Promise<Blob> {
  return body(api.GET("/api/v1/projects/{projectId}/commits/{commitId}/export", { params: { path: { projectId, commitId } }, parseAs: "blob" }));
}

/** What a new project made of an archive would hold. */
export function previewProject(file: File, name: string): Promise<Imported> {
  return body(api.POST("/api/v1/projects/import/preview", { params: { query: name ? { name } : {} }, ...archive(file) }));
}

/** Makes a project of an archive. */
export function importProject(file: File, name: string): Promise<Imported> {
  return body(api.POST("/api/v1/projects/import", { params: { query: name ? { name } : {} }, ...archive(file) }));
}

/** What an archive would change in a branch's work in progress, with the branch's ETag. */
export function previewImport({ projectId, branch }: Place, file: File, keepOthers: boolean) {
  return tagged(api.POST(`${INTO}/preview`, { params: { path: { projectId, branch }, query: { keepOthers } }, ...archive(file) }));
}

/** Puts an archive into a branch's work in progress. */
export function importInto({ projectId, branch }: Place, etag: string, file: File, keepOthers: boolean): Promise<Imported> {
  const params = { path: { projectId, branch }, query: { keepOthers }, header: { "If-Match": etag } };
  return body(api.POST(INTO, { params, ...archive(file) }));
}
