import { expect, test } from "vitest";
import { called, calledInLine, told } from "./elements";

test("an element is called by its name, else by its kind with its id beside that, else by its id", () => {
  expect(called({ id: "Activity_1", name: "Work", kind: "Script task" })).toEqual({ words: "Work", beside: "" });
  expect(called({ id: "Activity_1", name: "", kind: "Script task" })).toEqual({ words: "Script task (unnamed)", beside: "Activity_1" });
  expect(calledInLine({ id: "Activity_1", name: null, kind: "Script task" })).toBe("Script task (unnamed) Activity_1");
  expect(called({ id: "Activity_1", name: null })).toEqual({ words: "Activity_1", beside: "" });
});

test("what the API tells of an element is said in the designer's words", () => {
  const task = { elementId: "Activity_1", elementName: null, elementType: "scriptTask" };
  expect(calledInLine(told(task))).toBe("Script task (unnamed) Activity_1");
  expect(calledInLine(told({ ...task, elementName: "Work" }))).toBe("Work");
  expect(calledInLine(told({ ...task, elementType: "subProcess" }))).toBe("Subprocess (unnamed) Activity_1");
  expect(calledInLine(told({ ...task, elementType: null }))).toBe("Activity_1");
});
