import type { components } from "#schema";
import { api, body, tagged } from "./client";
import { listOptions } from "./list";

export type User = components["schemas"]["User"];
export type UserChange = components["schemas"]["UserChange"];
export type SignInLink = components["schemas"]["SignInLink"];

/** Begins every key of what was read of users. */
export const usersKey = ["users"];

/** The filters of the list. */
export const USER_FILTERS = ["email", "disabled"] as const;

/** Users, by e-mail. */
export const users = (filters: { email?: string; disabled?: string }) =>
  listOptions<User>([...usersKey, filters], (page, signal) => {
    const disabled = filters.disabled === "true" || filters.disabled === "false" ? { disabled: filters.disabled === "true" } : {};
    const query = { ...page, ...(filters.email ? { email: filters.email } : {}), ...disabled };
    return body(api.GET("/api/v1/users", { params: { query }, signal }));
  });

/** Makes a user without a password and without roles. */
export const createUser = (user: { email: string; name: string }): Promise<User> => body(api.POST("/api/v1/users", { body: user }));

/** A user as they are now, with the tag for a change. */
export const userNow = (userId: string) => tagged(api.GET("/api/v1/users/{userId}", { params: { path: { userId } } }));

/** Changes what is named of a user. `etag`: of what was read. */
export const changeUser = (userId: string, change: UserChange, etag: string): Promise<User> =>
  body(api.PATCH("/api/v1/users/{userId}", { params: { path: { userId }, header: { "If-Match": etag } }, body: change }));

/** Makes a one-time link; one that was made before is void. */
export const makeSignInLink = (userId: string): Promise<SignInLink> => body(api.POST("/api/v1/users/{userId}/sign-in-link", { params: { path: { userId } } }));
