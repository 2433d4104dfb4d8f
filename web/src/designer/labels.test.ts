import { expect, test } from "vitest";
import { withoutOwnLabels } from "./labels";

test("a name counts for nothing beside its element, and for itself alone", () => {
  const event = { id: "start" };
  const label = { id: "start_label", labelTarget: event };
  const task = { id: "task" };
  expect(withoutOwnLabels([event, label])).toEqual([event]);
  expect(withoutOwnLabels([label])).toEqual([label]);
  expect(withoutOwnLabels([label, task])).toEqual([label, task]);
});
