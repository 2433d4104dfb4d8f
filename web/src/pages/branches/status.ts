import type { Brought, Choice } from "../../api/branches";

type Status = Brought["status"];

/** How a resource stands on both sides, in words. */
export const STATUS_WORDS: Record<Status, string> = {
  same: "The same on both sides",
  "theirs-new": "New there",
  "theirs-changed": "Changed there",
  "theirs-removed": "Removed there",
  "mine-new": "Only here",
  "mine-changed": "Changed here",
  "mine-removed": "Removed here",
  "both-changed": "Conflict: changed on both sides",
  "theirs-removed-mine-changed": "Conflict: removed there, changed here",
  "mine-removed-theirs-changed": "Conflict: changed there, removed here",
};

const CONFLICTS: Status[] = ["both-changed", "theirs-removed-mine-changed", "mine-removed-theirs-changed"];

/** Whether a person must choose. */
export function conflict({ status }: Brought): boolean {
  return CONFLICTS.includes(status);
}

/** Whether there is anything to choose: what is the same, and what only this branch has, stays as it is. */
export function choosable({ status }: Brought): boolean {
  return status !== "same" && status !== "mine-new";
}

/** What is chosen, by resource. */
export type Choices = Map<string, Choice["take"]>;

/** What is proposed: theirs where only they changed; a conflict is left open. */
export function proposed(resources: Brought[]): Choices {
  const theirs: Status[] = ["theirs-new", "theirs-changed", "theirs-removed"];
  return new Map(resources.filter((one) => choosable(one) && !conflict(one)).map((one) => [one.resourceDefinitionId, theirs.includes(one.status) ? "theirs" : "mine"]));
}

/** How many conflicts have no choice yet. */
export function openConflicts(resources: Brought[], choices: Choices): number {
  return resources.filter((one) => conflict(one) && !choices.has(one.resourceDefinitionId)).length;
}

/** As the API takes them. */
export function choicesOf(choices: Choices): Choice[] {
  return [...choices].map(([resourceDefinitionId, take]) => ({ resourceDefinitionId, take }));
}
