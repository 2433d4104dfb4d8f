import { expect, test } from "vitest";
import type { Operation } from "../api/operations";
import { percent, words } from "./operation";

const NOTHING = { causeCode: null, dataSourceId: null, fromMs: null, ids: null, processDefinitionId: null, stage: null, status: null, toMs: null };

const operation = (more: Partial<Operation>): Operation => ({
  id: "o", kind: "retry-failed-triggers", filter: NOTHING, state: "running", message: "", total: 2000, done: 1500, failed: 20, passedOver: null,
  createdBy: null, createdByName: null, createdAt: "", updatedAt: "", finishedAt: null, ...more,
});

test("how far an operation is, in words", () => {
  expect(words(operation({})).progress).toBe("1,520 of 2,000: 1,500 retried, 20 failed again");
  expect(words(operation({ state: "done", passedOver: 480 })).progress).toBe("done: 1,500 retried, 20 failed again, 480 passed over");
  expect(words(operation({ state: "cancelled", kind: "dismiss-failed-triggers", failed: 0 })).progress).toBe("cancelled: 1,500 dismissed");
});

test("nothing to do is all done", () => expect([percent(operation({})), percent(operation({ total: 0, done: 0, failed: 0 }))]).toEqual([76, 100]));
