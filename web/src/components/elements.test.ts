import { expect, test } from "vitest";
import { called, calledInLine } from "./elements";

test("an element is called by its name, else by its kind with its id beside that, else by its id", () => {
  expect(called({ id: "Activity_1", name: "Work", kind: "Script task" })).toEqual({ words: "Work", beside: "" });
  expect(called({ id: "Activity_1", name: "", kind: "Script task" })).toEqual({ words: "Script task (unnamed)", beside: "Activity_1" });
  expect(calledInLine({ id: "Activity_1", name: null, kind: "Script task" })).toBe("Script task (unnamed) Activity_1");
  expect(called({ id: "Activity_1", name: null })).toEqual({ words: "Activity_1", beside: "" });
});
