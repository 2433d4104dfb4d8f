import { expect, test } from "vitest";
import { duration, exactUtc, relative } from "./time";

const NOW = Date.parse("2026-03-23T15:30:00.000Z");

test.each([
  ["2026-03-23T15:29:58.000Z", "just now"],
  ["2026-03-23T15:29:30.000Z", "30 seconds ago"],
  ["2026-03-23T15:28:30.000Z", "1 minute ago"],
  ["2026-03-23T13:30:00.000Z", "2 hours ago"],
  ["2026-03-22T15:00:00.000Z", "yesterday"],
  ["2025-03-01T15:30:00.000Z", "last year"],
  ["2026-03-24T16:00:00.000Z", "tomorrow"],
  ["no time", "no time"],
])("%s is %s", (at, words) => expect(relative(at, NOW)).toBe(words));

test("the exact time is UTC to the millisecond", () => expect(exactUtc("2026-03-23T15:30:00.123Z")).toBe("2026-03-23 15:30:00.123 UTC"));

test.each([
  ["2026-03-23T15:30:00.000Z", "2026-03-23T15:30:00.012Z", "12 ms"],
  ["2026-03-23T15:30:00.000Z", "2026-03-23T15:30:03.400Z", "3.4 s"],
  ["2026-03-23T15:30:00.000Z", "2026-03-23T15:32:05.000Z", "2 min 5 s"],
])("from %s to %s took %s", (from, to, words) => expect(duration(from, to)).toBe(words));
