import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body, tagged } from "./client";

export type ActivePolicy = components["schemas"]["ActivePolicy"];
export type NewPolicy = components["schemas"]["NewPolicy"];
export type PolicyChosen = components["schemas"]["PolicyChosen"];

const AT = "/api/v1/projects/{projectId}/active-policy";

/** Which commit runs, with its ETag. */
export const policy = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "policy", "now"],
    queryFn: ({ signal }) => tagged(api.GET(AT, { params: { path: { projectId } }, signal })),
  });

/** What another policy would do to triggers. */
export const policyPreview = (projectId: string, wanted: NewPolicy | undefined) =>
  queryOptions({
    queryKey: ["project", projectId, "policy", "preview", wanted],
    enabled: wanted !== undefined,
    queryFn: ({ signal }) => body(api.POST(`${AT}/preview`, { params: { path: { projectId } }, body: wanted!, signal })),
  });

/** Chooses which commit runs. */
export function choosePolicy(projectId: string, etag: string, wanted: NewPolicy): Promise<PolicyChosen> {
  return body(api.PUT(AT, { params: { path: { projectId }, header: { "If-Match": etag } }, body: wanted }));
}
