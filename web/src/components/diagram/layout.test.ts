import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { laidOut } from "./layout";

const branching = readFileSync("../e2e/fixtures/branching.bpmn", "utf8");

test("a file without a layout is given one, with its flows, and keeps what it says", async () => {
  const xml = await laidOut(branching);
  for (const id of ["received", "large", "note", "reviewed", "passed"]) expect(xml).toContain(`bpmnElement="${id}"`);
  for (const id of ["in", "big", "small", "out"]) expect(xml).toContain(`BPMNEdge id="${id}_di"`);
  expect(xml).toContain('<forebay:processTrigger triggerType="incomingWebhook"');
  expect(xml).toContain("webhookData.payload.amount &gt; 100</conditionExpression>");
});

test("elements that follow each other stand side by side", async () => {
  const xml = await laidOut(branching);
  const left = (id: string) => Number(new RegExp(`bpmnElement="${id}"[^>]*>\\s*<dc:Bounds x="(\\d+)"`).exec(xml)?.[1]);
  expect(left("received")).toBeLessThan(left("large"));
  expect(left("large")).toBeLessThan(left("note"));
  expect(left("note")).toBeLessThan(left("reviewed"));
});
