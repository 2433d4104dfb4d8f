import { describe, expect, it } from "vitest";
import type { Brought } from "../../api/branches";
import { choicesOf, openConflicts, proposed, STATUS_WORDS } from "./status";

const one = (status: Brought["status"]): Brought => ({
  resourceDefinitionId: status,
  kind: "data-source",
  name: status,
  status,
  mine: null,
  theirs: null,
  nameTakenBy: null,
});

const ALL = (Object.keys(STATUS_WORDS) as Brought["status"][]).map(one);

describe("what is brought", () => {
  it("is theirs where only they changed", () => {
    const taken = [...proposed(ALL)].filter(([, take]) => take === "theirs").map(([id]) => id);
    expect(taken).toEqual(["theirs-new", "theirs-changed", "theirs-removed"]);
  });

  it("leaves conflicts open until somebody chooses", () => {
    const choices = proposed(ALL);
    expect(openConflicts(ALL, choices)).toBe(3);
    choices.set("both-changed", "mine");
    expect(openConflicts(ALL, choices)).toBe(2);
  });

  it("says nothing of what is the same or only here", () => {
    const ids = choicesOf(proposed(ALL)).map((choice) => choice.resourceDefinitionId);
    expect(ids).not.toContain("same");
    expect(ids).not.toContain("mine-new");
  });
});
