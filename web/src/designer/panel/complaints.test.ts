import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import type { CheckProblem } from "../../api/processes";
import { diagnostics } from "../../components/code/editor";
import { complaintsOf, placeOf } from "./complaints";

const problem = (line: number | null, column: number | null) => ({ code: "javascript-syntax", severity: "error", message: "unexpected end", elementId: "work", line, column }) as CheckProblem;
const marked = (line: number | null, column: number | null) => {
  const [found] = diagnostics(EditorState.create({ doc: "let a;\n  a >" }), complaintsOf([problem(line, column)]));
  return [found?.from, found?.to];
};

test("a complaint is marked where it is, or over its whole line where only that is known", () => {
  expect(marked(2, 3)).toEqual([9, 10]);
  expect(marked(2, null)).toEqual([9, 12]);
  expect(marked(null, null)).toEqual([0, 6]);
});

test("no column is made up", () => {
  expect(placeOf(2, null)).toBe("line 2");
  expect(placeOf(2, 7)).toBe("line 2, column 7");
});
