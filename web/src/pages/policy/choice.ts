import type { ActivePolicy, NewPolicy } from "../../api/policy";

/** What is chosen on the page: both halves are kept, so that looking at the other one loses nothing. */
export interface Choice {
  kind: "latest" | "pinned";
  branch: string;
  commitId: string | null;
}

/** The choice that changes nothing. */
export function choiceOf(policy: ActivePolicy): Choice {
  return { kind: policy.kind === "pinned" ? "pinned" : "latest", branch: policy.branch, commitId: policy.commitId };
}

/** As the API writes it; nothing where no commit is chosen yet. */
export function wish({ kind, branch, commitId }: Choice, unlink: string[]): NewPolicy | undefined {
  if (kind === "latest") return { kind, branch, unlink };
  return commitId === null ? undefined : { kind, commitId, unlink };
}

/** Whether a choice is another than what stands. */
export function changes(policy: ActivePolicy, choice: Choice): boolean {
  if (choice.kind !== policy.kind) return true;
  return choice.kind === "latest" ? choice.branch !== policy.branch : choice.commitId !== policy.commitId;
}
