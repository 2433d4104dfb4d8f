import { describe, expect, it } from "vitest";
import { characters, counted } from "./count";

describe("characters", () => {
  it("counts code points, not UTF-16 units", () => {
    expect("🚀".length).toBe(2);
    expect(characters("🚀🚀🚀")).toBe(3);
    expect(characters("𝒳abc")).toBe(4);
  });

  it("counts after trimming and NFC, as the server does", () => {
    expect(characters("  abc \n")).toBe(3);
    expect(characters("e\u0301")).toBe(1);
    expect(characters("  ")).toBe(0);
  });

  it("says how many of how many", () => {
    expect(counted("Bestellungen", 50)).toBe("12 of 50");
  });
});
