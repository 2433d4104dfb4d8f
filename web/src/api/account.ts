import type { components } from "#schema";
import { api, body } from "./client";
import { listOptions } from "./list";

export type Session = components["schemas"]["Session"];
export type Token = components["schemas"]["Token"];
export type TokenWish = components["schemas"]["TokenWish"];
export type NewlyMade = components["schemas"]["NewlyMade"];

/** Begins every key of what was read of the own sessions and tokens. */
export const sessionsKey = ["sessions"];
export const tokensKey = ["tokens"];

/** The own sessions that have not ended, the newest first. */
export const sessions = () =>
  listOptions<Session>(sessionsKey, (query, signal) => body(api.GET("/api/v1/sessions", { params: { query }, signal })));

/** Ends one of the own sessions. */
export const endSession = (sessionId: string) => body(api.DELETE("/api/v1/sessions/{sessionId}", { params: { path: { sessionId } } }));

/** Ends all own sessions but this one, also those that were not shown yet. How many. */
export async function endOthers(): Promise<number> {
  let ended = 0;
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: { limit: number; cursor?: string } = cursor ? { limit: 200, cursor } : { limit: 200 };
    const page: { items: Session[]; nextCursor: string | null } = await body(api.GET("/api/v1/sessions", { params: { query } }));
    for (const session of page.items.filter((one) => !one.current)) {
      await endSession(session.id);
      ended += 1;
    }
    cursor = page.nextCursor;
  }
  return ended;
}

/** The own tokens, the newest first. */
export const tokens = () => listOptions<Token>(tokensKey, (query, signal) => body(api.GET("/api/v1/tokens", { params: { query }, signal })));

/** Makes a token that acts for the person; its text is in the answer, this once. */
export const makeToken = (wish: TokenWish): Promise<NewlyMade> => body(api.POST("/api/v1/tokens", { body: wish }));

/** Makes a token invalid. */
export const revokeToken = (tokenId: string) => body(api.DELETE("/api/v1/tokens/{tokenId}", { params: { path: { tokenId } } }));

/** Sets another password; all other sessions end. */
export const changePassword = (change: components["schemas"]["PasswordChange"]) => body(api.POST("/api/v1/me/password", { body: change }));
