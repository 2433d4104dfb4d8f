import type { Use } from "../../api/uses";

/** What a data source still needs to be listed: the first condition that is not met. */
export type Missing = "connection" | "commit" | "policy";

/** What is known of a data source of a branch. */
export interface Known {
  resourceDefinitionId: string;
  /** The processes of the branch's work in progress that start on it. */
  usedBy: Use[];
}

/** Which of the three conditions is open for a data source that the running commit does not list. `changed`: resources that differ from the last commit. */
export function missing({ resourceDefinitionId, usedBy }: Known, changed: ReadonlySet<string>): Missing {
  if (usedBy.length === 0) return "connection";
  const committed = !changed.has(resourceDefinitionId) && usedBy.some((use) => !changed.has(use.id));
  return committed ? "policy" : "commit";
}
