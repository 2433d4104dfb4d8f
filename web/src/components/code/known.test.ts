import { describe, expect, test } from "vitest";
import { type Known, at, isName, members, pathBefore } from "./known";

const ROOTS: Known[] = [
  {
    name: "webhookData",
    fields: [
      { name: "payload", fields: [{ name: "amount", type: "number" }, { name: "lines", items: { name: "0", fields: [{ name: "sku" }] } }] },
      { name: "headers", fields: [{ name: "x-event" }] },
    ],
  },
];

describe("what is completed", () => {
  test.each([
    ["", [], ""],
    ["web", [], "web"],
    ["webhookData.", ["webhookData"], ""],
    ["if (webhookData.payload.am", ["webhookData", "payload"], "am"],
    ["1 + webhookData?.payload?.", ["webhookData", "payload"], ""],
    ["webhookData.payload.lines[0].", ["webhookData", "payload", "lines", "0"], ""],
    ['webhookData.headers["x-event"].', ["webhookData", "headers", "x-event"], ""],
    ["output.größe = webhookData.pay", ["webhookData"], "pay"],
  ])("%s", (line, path, begun) => {
    expect(pathBefore(line)).toMatchObject({ path, begun });
  });

  test("a number's dot is not one of a path", () => expect(pathBefore("1.")?.path ?? []).toEqual([]));
});

test("a path leads through objects and arrays", () => {
  expect(at(ROOTS, ["webhookData", "payload"])?.fields?.map((field) => field.name)).toEqual(["amount", "lines"]);
  expect(at(ROOTS, ["webhookData", "payload", "lines", "3"])?.fields?.map((field) => field.name)).toEqual(["sku"]);
  expect(at(ROOTS, ["webhookData", "nothing"])).toBeUndefined();
});

test("arrays offer what arrays have", () => {
  const lines = at(ROOTS, ["webhookData", "payload", "lines"])!;
  expect(members(lines).map((member) => member.name)).toContain("length");
});

test("names that no dot can lead to", () => {
  expect(isName("größe")).toBe(true);
  expect(isName("x-event")).toBe(false);
  expect(isName("0")).toBe(false);
});
