import { Unreachable } from "./api/refusal";

/** While the server is away, parts of the console are asked for this often. */
const AGAIN = 2_000;
/** How long after a failure it is tried once more, for the person to wait no longer than that. */
const SOON = 300;
/** How long after the first page the rest is fetched. */
const QUIET = 1_500;

/** Whether the server answers at all. */
async function answers(): Promise<boolean> {
  return fetch("/", { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

/**
 * Fetches a page's code. A server that is away is not a file that is missing: for a missing one (a newer version was
 * installed) the router loads the console anew, which without a server would leave the person with nothing.
 */
export async function pageCode<T>(file: () => Promise<T>): Promise<T> {
  try {
    return await file();
  } catch (error) {
    throw (await answers()) ? error : new Unreachable(error);
  }
}

/** Fetches a part of a page; while the server is away, again and again. */
export async function partCode<T>(file: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await file();
    } catch (error) {
      if (await answers()) throw error;
      await new Promise((wake) => setTimeout(wake, AGAIN));
    }
  }
}

/** What is known of a part: its code, or why it did not come. */
export interface Known<T> {
  code?: T;
  error?: unknown;
}

/** Every part of the pages that were opened. */
const parts: Part<unknown>[] = [];
/** Whether there is nothing else to do. */
let quiet = false;

/**
 * A part of the console that the first sight of a page needs no more than a closed door needs a room behind it. Its
 * code is fetched when it is opened, or before that, when nothing else is to be done.
 */
export class Part<T> {
  private known: Known<T> = {};
  private fetching: Promise<void> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly file: () => Promise<T>) {
    parts.push(this);
    if (quiet) void this.fetch();
  }

  readonly now = (): Known<T> => this.known;

  readonly listen = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  /** Fetches it; once more where that fails, then the failure is what is known of it. */
  readonly fetch = (): Promise<void> => {
    if (this.known.code !== undefined) return Promise.resolve();
    this.fetching ??= twice(this.file)
      .then(
        (code) => this.tell({ code }),
        (error: unknown) => this.tell({ error }),
      )
      .finally(() => (this.fetching = undefined));
    return this.fetching;
  };

  /** The same for somebody who waits for it: a try that was on its way, and may have begun without a server, is not the last. */
  readonly want = (): Promise<void> => (this.fetching ? this.fetching.then(this.fetch) : this.fetch());

  private tell(known: Known<T>): void {
    this.known = known;
    for (const tell of this.listeners) tell();
  }
}

async function twice<T>(file: () => Promise<T>): Promise<T> {
  try {
    return await file();
  } catch {
    await new Promise((wake) => setTimeout(wake, SOON));
    return pageCode(file);
  }
}

/** A page is shown: what may be opened on it next is fetched, one part after the other. */
export function fetchTheRest(): () => void {
  const timer = setTimeout(async () => {
    quiet = true;
    for (const part of parts) await part.fetch();
  }, QUIET);
  return () => clearTimeout(timer);
}
