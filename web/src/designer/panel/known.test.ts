import { expect, test } from "vitest";
import type { components } from "#schema";
import { at } from "../../components/code/known";
import { known, shaped } from "./known";

type Node = components["schemas"]["ShapeNode"];
const node = (name: string | null, types: string[], more: Partial<Node> = {}): Node => ({
  name, pointer: "", path: "", types, big: false, optional: false, truncated: false, example: null, fields: [], items: null, values: null, ...more,
});

test("recent events say what a payload has", () => {
  const payload = node(null, ["object"], {
    fields: [node("id", ["integer"], { big: true, example: "9007199254740993" }), node("lines", ["array"], { items: node(null, ["object"], { fields: [node("sku", ["string"])] }) })],
  });
  const headers = node(null, ["object"], { fields: [node("x-event", ["string"])] });
  const roots = known([], false, shaped([{ events: 2, payload, headers }]));
  expect(at(roots, ["webhookData", "payload", "id"])).toMatchObject({ type: "integer", info: "BigInt; for example 9007199254740993" });
  expect(at(roots, ["input", "webhookData", "payload", "lines", "0", "sku"])).toMatchObject({ type: "string" });
  expect(at(roots, ["webhookData", "headers", "x-event"])).toBeDefined();
});

test("what scripts write can be read by others; only scripts write", () => {
  const scripts = ["output.total = 1;", "output.größe = output.total"];
  const [read, written] = [false, true].map((writes) => known(scripts, writes, { name: "webhookData" }).map((one) => one.name));
  expect(written).toEqual(["webhookData", "total", "größe", "input", "output"]);
  expect(read).not.toContain("output");
});
