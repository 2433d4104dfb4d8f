import type { components } from "#schema";

export type Hour = Pick<components["schemas"]["Hour"], "hour" | "accepted" | "failed" | "refused">;

/** An hour of the chart, in shares of the busiest: 0 to 1. */
export interface Bar {
  accepted: number;
  failed: number;
  refused: number;
}

/** What happened in the last 24 hours, in all. */
export interface Sum {
  accepted: number;
  failed: number;
  refused: number;
}

const HOURS = 24;
const HOUR = 3_600_000;

/** 24 bars, the present hour last. Requests of one hour stand on each other: failed, accepted otherwise, refused. */
export function bars(hours: Hour[], now: number): Bar[] {
  const present = Math.floor(now / HOUR);
  const slots: Bar[] = Array.from({ length: HOURS }, () => ({ accepted: 0, failed: 0, refused: 0 }));
  for (const hour of hours) {
    const slot = slots[HOURS - 1 - (present - Math.floor(Date.parse(hour.hour) / HOUR))];
    if (!slot) continue;
    // one request may fail in several processes: it is one request all the same
    const failed = Math.min(hour.failed, hour.accepted);
    slot.failed += failed;
    slot.accepted += hour.accepted - failed;
    slot.refused += hour.refused;
  }
  const most = Math.max(1, ...slots.map((slot) => slot.accepted + slot.failed + slot.refused));
  return slots.map((slot) => ({ accepted: slot.accepted / most, failed: slot.failed / most, refused: slot.refused / most }));
}

/** The sums of the hours. */
export function sum(hours: Hour[]): Sum {
  const add = (what: keyof Sum) => hours.reduce((total, hour) => total + hour[what], 0);
  return { accepted: add("accepted"), failed: add("failed"), refused: add("refused") };
}

/** The sums in words. */
export function words({ accepted, failed, refused }: Sum): string {
  return `Last 24 hours: ${count(accepted)} accepted, ${count(failed)} failed, ${count(refused)} refused`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
