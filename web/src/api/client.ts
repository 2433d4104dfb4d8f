import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "#schema";
import { patiently } from "./patience";
import { Refusal, SignedOut, Unreachable } from "./refusal";
import { announceSignedOut } from "./session";

/** Where 401 is an answer to what was typed, not the end of a session. */
const OWN_ANSWER = /\/(session|me|sign-in-link.*|password)$/;

/** Answers that are no use to anybody else: turned into what the pages catch. */
const refusals: Middleware = {
  async onResponse({ request, response }) {
    if (response.ok) return undefined;
    const problem = await Refusal.read(response);
    // the page stays as it is, with what was typed; the shell asks for the password over it
    if (response.status !== 401 || OWN_ANSWER.test(new URL(request.url).pathname)) throw problem;
    announceSignedOut();
    throw new SignedOut(problem);
  },
  onError({ error }) {
    return error instanceof Refusal || isAbort(error) ? undefined : new Unreachable(error);
  },
};

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** The public API, and nothing else: the console has no private door. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin", fetch: patiently });
api.use(refusals);

/** The body of an answer. Refusals were thrown on the way. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}

/** The body of an answer and its ETag, for the change that may follow. */
export async function tagged<T>(answer: Promise<{ data?: T; response: Response }>): Promise<Tagged<T>> {
  const { data, response } = await answer;
  return { value: data as T, etag: response.headers.get("etag") ?? "*" };
}

/** A thing and the version of it that was read. */
export interface Tagged<T> {
  value: T;
  etag: string;
}
