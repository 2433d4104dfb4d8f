import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import { api, body, tagged } from "./client";
import { listOptions } from "./list";
import type { Token } from "./account";

export type Member = components["schemas"]["Member"];
export type NewMember = components["schemas"]["NewMember"];
export type MemberChange = components["schemas"]["MemberChange"];

/** Where roles are given. */
export interface Seat {
  level: string;
  targetId: string;
}

/** Begins every key of what was read of members and of the project's tokens. */
export const membersKey = (projectId: string) => ["project", projectId, "members"];
export const projectTokensKey = (projectId: string) => ["project", projectId, "tokens"];

/** Who has a role in a project: on it, on its workspace, on its organization. */
export const members = (projectId: string) =>
  listOptions<Member>(membersKey(projectId), (query, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/members", { params: { path: { projectId }, query }, signal })),
  );

/** Gives roles; those that somebody has there already stay. */
export function addMember({ level, targetId }: Seat, member: NewMember): Promise<Member> {
  if (level === "organization") return body(api.POST("/api/v1/organizations/{organizationId}/members", { params: { path: { organizationId: targetId } }, body: member }));
  if (level === "workspace") return body(api.POST("/api/v1/workspaces/{workspaceId}/members", { params: { path: { workspaceId: targetId } }, body: member }));
  return body(api.POST("/api/v1/projects/{projectId}/members", { params: { path: { projectId: targetId } }, body: member }));
}

/** One member as they are now, with the tag for a change. */
export const memberNow = ({ level, targetId }: Seat, userId: string) =>
  queryOptions({
    queryKey: ["member", level, targetId, userId],
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) => {
      if (level === "organization") return tagged(api.GET("/api/v1/organizations/{organizationId}/members/{userId}", { params: { path: { organizationId: targetId, userId } }, signal }));
      if (level === "workspace") return tagged(api.GET("/api/v1/workspaces/{workspaceId}/members/{userId}", { params: { path: { workspaceId: targetId, userId } }, signal }));
      return tagged(api.GET("/api/v1/projects/{projectId}/members/{userId}", { params: { path: { projectId: targetId, userId } }, signal }));
    },
  });

/** Makes these, and no others, the roles of a member. `etag`: of what was read. */
export function changeMember({ level, targetId }: Seat, userId: string, change: MemberChange, etag: string): Promise<Member> {
  const header = { "If-Match": etag };
  if (level === "organization") return body(api.PATCH("/api/v1/organizations/{organizationId}/members/{userId}", { params: { path: { organizationId: targetId, userId }, header }, body: change }));
  if (level === "workspace") return body(api.PATCH("/api/v1/workspaces/{workspaceId}/members/{userId}", { params: { path: { workspaceId: targetId, userId }, header }, body: change }));
  return body(api.PATCH("/api/v1/projects/{projectId}/members/{userId}", { params: { path: { projectId: targetId, userId }, header }, body: change }));
}

/** Takes all of a member's roles away. */
export function removeMember({ level, targetId }: Seat, userId: string, etag: string) {
  const header = { "If-Match": etag };
  if (level === "organization") return body(api.DELETE("/api/v1/organizations/{organizationId}/members/{userId}", { params: { path: { organizationId: targetId, userId }, header } }));
  if (level === "workspace") return body(api.DELETE("/api/v1/workspaces/{workspaceId}/members/{userId}", { params: { path: { workspaceId: targetId, userId }, header } }));
  return body(api.DELETE("/api/v1/projects/{projectId}/members/{userId}", { params: { path: { projectId: targetId, userId }, header } }));
}

/** Tokens that open this project only. */
export const projectTokens = (projectId: string) =>
  listOptions<Token>(projectTokensKey(projectId), (query, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/tokens", { params: { path: { projectId }, query }, signal })),
  );

/** Makes a token of this project invalid, whoever made it. */
export const revokeProjectToken = (projectId: string, tokenId: string) =>
  body(api.DELETE("/api/v1/projects/{projectId}/tokens/{tokenId}", { params: { path: { projectId, tokenId } } }));
