import { describe, expect, it } from "vitest";
import { changes, choiceOf, wish } from "./choice";

const latest = { kind: "latest", branch: "main", commitId: null, runningCommitId: "c1", updatedAt: "" };
const pinned = { kind: "pinned", branch: "main", commitId: "c1", runningCommitId: "c1", updatedAt: "" };

describe("choice", () => {
  it("is nothing new before anything was chosen", () => {
    expect(changes(latest, choiceOf(latest))).toBe(false);
    expect(changes(pinned, choiceOf(pinned))).toBe(false);
  });

  it("is new with another kind, branch or commit", () => {
    expect(changes(latest, { ...choiceOf(latest), branch: "next" })).toBe(true);
    expect(changes(pinned, { ...choiceOf(pinned), commitId: "c2" })).toBe(true);
    expect(changes(pinned, { ...choiceOf(pinned), kind: "latest" })).toBe(true);
  });

  it("asks for a commit before it is one", () => {
    expect(wish({ kind: "pinned", branch: "main", commitId: null }, [])).toBeUndefined();
    expect(wish({ kind: "pinned", branch: "main", commitId: "c1" }, ["t"])).toEqual({ kind: "pinned", commitId: "c1", unlink: ["t"] });
    expect(wish({ kind: "latest", branch: "main", commitId: "c1" }, [])).toEqual({ kind: "latest", branch: "main", unlink: [] });
  });
});
