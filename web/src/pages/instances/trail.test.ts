import { expect, test } from "vitest";
import type { Visit } from "../../api/instances";
import { depths, marks } from "./trail";

const visit = (number: number, elementId: string, more: Partial<Visit> = {}): Visit => ({
  visit: number, elementId, scope: null, flowId: null, enteredAt: "", leftAt: null, outcome: null, flows: [], wrote: [], incidents: [], ...more,
});

test("visits in subprocesses are deeper", () => {
  const trail = [visit(1, "start"), visit(2, "sub"), visit(3, "inner", { scope: 2 }), visit(4, "innermost", { scope: 3 }), visit(5, "end")];
  expect([...depths(trail).values()]).toEqual([0, 0, 1, 2, 0]);
});

test("path, tokens and incidents are painted; an incident's token is not waiting", () => {
  const trail = [visit(1, "a", { flows: ["f"] }), visit(2, "b", { flows: ["g"] }), visit(3, "b"), visit(4, "c")];
  const tokens = ["b", "c"].map((elementId) => ({ visit: 3, elementId, scope: null, flowId: null }));
  const incident = { number: 1, visit: 4, elementId: "c", code: "x", message: "bad", flowId: null, expression: null, line: null, column: null };
  expect(marks({ trail, tokens, incidents: [incident] })).toEqual([
    { element: "a", kind: "path", count: 1 },
    { element: "f", kind: "path", count: 1 },
    { element: "b", kind: "path", count: 2 },
    { element: "g", kind: "path", count: 1 },
    { element: "c", kind: "path", count: 1 },
    { element: "b", kind: "token", count: 1 },
    { element: "c", kind: "incident", count: 1, title: "bad" },
  ]);
});
