import { expect, test } from "vitest";
import { missing } from "./conditions";

const uses = new Map([["a", [{ id: "p", name: "one" }, { id: "q", name: "two" }]]]);

test.each([
  ["b", [], "connection"],
  ["a", ["a"], "commit"],
  ["a", ["p", "q"], "commit"],
  ["a", ["p"], "policy"],
  ["A", [], "policy"],
])("the data source %s with the changes %j lacks its %s", (id, changed, what) => expect(missing(id, { uses, changed: new Set(changed) })).toBe(what));
