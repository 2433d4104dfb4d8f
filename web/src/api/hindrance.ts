/** What keeps everything from being answered until it is over: no connection, no session. */
export type Hindrance = "connection" | "session";

const times: Record<Hindrance, number> = { connection: 0, session: 0 };
const told = new Set<() => void>();

/** It is over. */
export function overcome(what: Hindrance): void {
  times[what] += 1;
  for (const tell of told) tell();
}

/** How often it was overcome so far. */
export function timesOvercome(what: Hindrance): number {
  return times[what];
}

/** Calls back when something was overcome; returns the end of it. */
export function onOvercome(tell: () => void): () => void {
  told.add(tell);
  return () => told.delete(tell);
}
