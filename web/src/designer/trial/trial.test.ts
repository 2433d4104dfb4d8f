import { expect, test } from "vitest";
import type { Trial, TrialVisit } from "../../api/processes";
import { asObject, trialMarks, variablesAfter } from "./trial";

const visit = (visit: number, elementId: string, more: Partial<TrialVisit> = {}): TrialVisit => ({
  visit, elementId, elementName: null, scope: null, flowId: null, outcome: "completed", flows: [], variables: [], incidents: [], ...more,
});

const TRIAL: Pick<Trial, "path" | "flows" | "incidents" | "startVariables"> = {
  path: [
    visit(1, "start"),
    visit(2, "work", { variables: [{ name: "total", json: "12345678901234567890123", size: 23 }] }),
    visit(3, "work", { outcome: null, variables: [{ name: "big", json: null, size: 5_000_000 }] }),
  ],
  flows: ["in", "back"],
  incidents: [{ number: 1, visit: 3, elementId: "work", code: "script", message: "no", flowId: null, expression: null, line: 1, column: 1 }],
  startVariables: [{ name: "webhookData", json: '{"a":1.10}', size: 10 }],
};

test("the way is painted, and what stopped it", () => {
  expect(trialMarks(TRIAL)).toEqual([
    { element: "start", kind: "path", count: 1 },
    { element: "work", kind: "path", count: 2 },
    { element: "in", kind: "path", count: 1 },
    { element: "back", kind: "path", count: 1 },
    { element: "work", kind: "incident", title: "no" },
  ]);
});

test("variables are those after the visit, and every figure of them stays", () => {
  expect(asObject(variablesAfter(TRIAL, 0))).toBe('{"webhookData":{"a":1.10}}');
  expect(asObject(variablesAfter(TRIAL, 2))).toBe('{"webhookData":{"a":1.10},"total":12345678901234567890123}');
  expect(asObject(variablesAfter(TRIAL, 3))).toContain('"big":"left out: 5000000 bytes"');
});
