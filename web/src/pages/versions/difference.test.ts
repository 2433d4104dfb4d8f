import { describe, expect, it } from "vitest";
import type { ElementDifference } from "../../api/versions";
import { countsOf, lineDiff, marksOf, typeWord } from "./difference";

const element = (elementId: string | null, change: string): ElementDifference => ({ elementId, elementName: null, elementType: "userTask", change, properties: [] });

const ALL = [element("a", "added"), element("c", "changed"), element("m", "moved"), element(null, "changed"), element("r", "removed")];

describe("marksOf", () => {
  it("paints what was added on the new side only", () => {
    expect(marksOf(ALL, "now").map((mark) => `${mark.element} ${mark.kind}`)).toEqual(["a added", "c changed", "m moved"]);
  });

  it("paints what was removed on the old side only", () => {
    expect(marksOf(ALL, "before").map((mark) => `${mark.element} ${mark.kind}`)).toEqual(["c changed", "m moved", "r removed"]);
  });
});

describe("countsOf", () => {
  it("counts by kind and leaves out what there is not", () => {
    expect(countsOf(ALL)).toEqual([
      ["added", 1],
      ["removed", 1],
      ["changed", 2],
      ["moved", 1],
    ]);
    expect(countsOf([])).toEqual([]);
  });
});

describe("typeWord", () => {
  it("reads as words", () => {
    expect(typeWord("sequenceFlow")).toBe("Sequence flow");
    expect(typeWord("intermediateCatchEvent")).toBe("Intermediate catch event");
  });
});

const short = (before: string, now: string) => lineDiff(before, now).map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`);

describe("lineDiff", () => {
  it("keeps what both have", () => {
    expect(short("a\nb\nc", "a\nx\nc")).toEqual([" a", "-b", "+x", " c"]);
  });

  it("tells added from removed lines", () => {
    expect(short("a\nc", "a\nb\nc")).toEqual([" a", "+b", " c"]);
    expect(short("a\nb\nc", "a\nc")).toEqual([" a", "-b", " c"]);
    expect(short("", "a")).toEqual(["-", "+a"]);
  });

  it("gives both texts back, whatever they are", () => {
    const texts = ["", "a", "a\nb", "b\na\nb", "x\n\n\ny", "a\nb\nc\nd\ne", "e\nd\nc\nb\na"];
    for (const before of texts) {
      for (const now of texts) {
        const lines = lineDiff(before, now);
        const side = (left: string) => lines.filter(({ kind }) => kind !== left).map(({ text }) => text).join("\n");
        expect(side("added")).toBe(before);
        expect(side("removed")).toBe(now);
      }
    }
  });

  it("shows texts of many lines one after the other", () => {
    const before = "a\n".repeat(1_500);
    expect(lineDiff(before, `${before}b`)).toHaveLength(1_501 * 2);
  });
});
