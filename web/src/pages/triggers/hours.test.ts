import { expect, test } from "vitest";
import { type Hour, bars, sum, words } from "./hours";

const NOW = Date.parse("2026-03-23T15:30:00.000Z");
const hour = (at: string, accepted: number, failed = 0, refused = 0): Hour => ({ hour: at, accepted, failed, refused });

test("the present hour stands last, the oldest first, older ones nowhere", () => {
  const all = bars([hour("2026-03-22T15:00:00.000Z", 9), hour("2026-03-22T16:00:00.000Z", 1), hour("2026-03-23T15:00:00.000Z", 2)], NOW);
  expect(all).toHaveLength(24);
  expect(all[0]?.accepted).toBe(0.5);
  expect(all[23]?.accepted).toBe(1);
  expect(all.slice(1, 23).every((bar) => bar.accepted === 0)).toBe(true);
});

test("bars are shares of the busiest hour, failed ones are a part of the accepted", () => {
  const [busiest] = bars([hour("2026-03-23T15:00:00.000Z", 6, 20, 4)], NOW).slice(-1);
  expect(busiest).toEqual({ accepted: 0, failed: 0.6, refused: 0.4 });
});

test("nothing at all is no division by nothing", () => expect(bars([], NOW).every((bar) => bar.accepted === 0)).toBe(true));

test("the sums in words", () =>
  expect(words(sum([hour("2026-03-23T14:00:00.000Z", 1200, 2, 3), hour("2026-03-23T15:00:00.000Z", 34, 1, 0)]))).toBe(
    "Last 24 hours: 1,234 accepted, 3 failed, 3 refused",
  ));
