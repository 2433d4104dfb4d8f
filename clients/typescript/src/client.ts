import createClient, { type Client } from "openapi-fetch";
import type { paths, Problem } from "./schema.js";

export type * from "./schema.js";

/** A refusal of the server (RFC 9457): `problem.code` is for programs, `message` for people. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "Refusal";
  }
}

/** The API of a server: `baseUrl` without a path, a bearer token as `forebay token` makes one. */
export function forebay(baseUrl: string, token: string): Client<paths> {
  return createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
}

/** The body of an answer; throws the server's refusal. */
export async function good<T>(answer: Promise<{ data?: T; error?: Problem | undefined }>): Promise<T> {
  const { data, error } = await answer;
  if (error !== undefined) throw new Refusal(error);
  return data as T;
}
