import type { components } from "#schema";
import { SESSION_ENDED } from "../texts/silence";
import { type Hindrance, timesOvercome } from "./hindrance";

/** The body of a refusal (RFC 9457). */
export type Problem = components["schemas"]["Problem"];

/** The server said no: `problem.code` is for programs, `message` for people, in the server's words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** For the log: the server's has the reason under it. */
    readonly requestId: string,
  ) {
    super(problem.detail);
    this.name = "Refusal";
  }

  static async read(response: Response): Promise<Refusal> {
    const requestId = response.headers.get("x-request-id") ?? "";
    const text = await response.clone().text();
    try {
      const problem: unknown = JSON.parse(text);
      if (isProblem(problem)) return new Refusal(response.status, problem, requestId);
    } catch {
      // a proxy's page; the status is all there is
    }
    const detail = `The server answered ${response.status} ${response.statusText}.`;
    return new Refusal(response.status, { status: response.status, title: response.statusText, code: "unknown", detail }, requestId);
  }

  /** What the server said of one field of a form, as a sentence. */
  field(name: string): string | undefined {
    const said = this.problem.errors?.find((error) => error.field === name || error.field.startsWith(`${name}/`))?.message;
    return said && `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
  }
}

/** The session ended before this was asked: the server's words for that are for programs. */
export class SignedOut extends Refusal {
  readonly since = timesOvercome("session");

  constructor({ status, problem, requestId }: Refusal) {
    super(status, problem, requestId);
    this.message = SESSION_ENDED;
  }
}

/** No answer came: the network, or the server is away. */
export class Unreachable extends Error {
  readonly since = timesOvercome("connection");

  constructor(cause: unknown) {
    super("The server does not answer. What you typed is kept; try again.", { cause });
    this.name = "Unreachable";
  }
}

/** Whether what kept it from being answered is over: there is nothing to say of it any more, only to ask again. */
export function isOver(error: unknown): boolean {
  const what: Hindrance | undefined = error instanceof SignedOut ? "session" : error instanceof Unreachable ? "connection" : undefined;
  return what !== undefined && (error as SignedOut | Unreachable).since < timesOvercome(what);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

/** The code of a refusal, for the branches that a page knows. */
export function code(error: unknown): string | undefined {
  return error instanceof Refusal ? error.problem.code : undefined;
}

/** What to show of anything that was thrown. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the server said of a name: not as it must be, or taken. */
export function nameRefused(error: unknown): string | undefined {
  if (!(error instanceof Refusal)) return undefined;
  return error.field("name") ?? (error.problem.code === "name-taken" ? error.message : undefined);
}
