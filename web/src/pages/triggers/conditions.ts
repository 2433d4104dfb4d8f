import type { Use } from "../../api/uses";

/** What a data source still needs to be listed: the first condition that is not met. */
export type Missing = "connection" | "commit" | "policy";

/** What is known of a branch. */
export interface Known {
  /** Which processes of its work in progress start on which data source. */
  uses: ReadonlyMap<string, Use[]>;
  /** Resources that differ from the last commit. */
  changed: ReadonlySet<string>;
}

/** Which of the three conditions is open for a data source that the running commit does not list. */
export function missing(dataSourceId: string, { uses, changed }: Known): Missing {
  const users = uses.get(dataSourceId.toLowerCase()) ?? [];
  if (users.length === 0) return "connection";
  const committed = !changed.has(dataSourceId) && users.some((use) => !changed.has(use.id));
  return committed ? "policy" : "commit";
}
