import { describe, expect, it } from "vitest";
import { lengthHint, nameHint } from "./limits";

describe("nameHint", () => {
  it.each(["orders", "[a](b).c_d-e", "Bestellungen-äöü", "заказы", "注文書", "e\u0301te\u0301", "हिन्दी", "٣٤٥", "a".repeat(50), "𠮷𠮷𠮷"])("lets %s through", (name) => {
    expect(nameHint(name)).toBeUndefined();
  });

  it.each([
    ["two words", "a space"],
    ["orders!", "“!”"],
    ["or/ders", "“/”"],
    ["ord\u200bers", "U+200B"],
    ["🚀🚀🚀", "“🚀”"],
    ["\u0301abc", "U+0301"],
  ])("names what may not stand in %s", (name, found) => {
    expect(nameHint(name)).toContain(found);
  });

  it("counts characters, not UTF-16 units", () => {
    expect(nameHint("𠮷𠮷")).toBe("At least 3 characters; 2 so far.");
    expect(nameHint("𠮷".repeat(50))).toBeUndefined();
    expect(nameHint("𠮷".repeat(51))).toBe("At most 50 characters; these are 51.");
  });

  it("says nothing before anything was typed", () => {
    expect(nameHint("")).toBeUndefined();
    expect(nameHint("   ")).toBeUndefined();
  });
});

describe("lengthHint", () => {
  it("says only when it is too long", () => {
    expect(lengthHint("🚀".repeat(500), 500)).toBeUndefined();
    expect(lengthHint("🚀".repeat(501), 500)).toBe("At most 500 characters; these are 501.");
  });
});
