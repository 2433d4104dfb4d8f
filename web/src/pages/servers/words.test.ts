import { expect, test } from "vitest";
import { liveOn, ranges, span } from "./words";

test("gateways are counted in words", () => {
  expect(liveOn({ gateways: 1, currentGateways: 1 })).toEqual({ text: "1 of 1 gateway", all: true });
  expect(liveOn({ gateways: 3, currentGateways: 2 })).toEqual({ text: "2 of 3 gateways", all: false });
  expect(liveOn({ gateways: 0, currentGateways: 0 })).toEqual({ text: "0 of 0 gateways", all: false });
});

test("lengths of time are rounded down to one unit", () => {
  expect([0, 999, 1_000, 119_999, 120_000, 7_200_000, 172_800_000].map(span)).toEqual(["0 ms", "999 ms", "1 s", "119 s", "2 min", "2 h", "2 days"]);
});

test("partitions stand as ranges", () => {
  expect(ranges([])).toBe("");
  expect(ranges([4])).toBe("4");
  expect(ranges([0, 1])).toBe("0, 1");
  expect(ranges([0, 1, 2, 3, 7, 9, 10, 11])).toBe("0–3, 7, 9–11");
});
