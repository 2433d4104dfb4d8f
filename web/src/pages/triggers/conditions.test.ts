import { expect, test } from "vitest";
import { missing } from "./conditions";

const used = [{ id: "p", name: "one" }, { id: "q", name: "two" }];

test.each([
  [[], [], "connection"],
  [used, ["a"], "commit"],
  [used, ["p", "q"], "commit"],
  [used, ["p"], "policy"],
  [used, [], "policy"],
])("a data source that %j use, with the changes %j, lacks its %s", (usedBy, changed, what) => {
  expect(missing({ resourceDefinitionId: "a", usedBy }, new Set(changed))).toBe(what);
});
