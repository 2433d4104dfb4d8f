import type { Servers } from "../../api/servers";

/** "2 of 2 gateways", and whether that is all of them. */
export function liveOn({ gateways, currentGateways }: Pick<Servers, "gateways" | "currentGateways">): { text: string; all: boolean } {
  return { text: `${currentGateways} of ${gateways} gateway${gateways === 1 ? "" : "s"}`, all: currentGateways === gateways && gateways > 0 };
}

/** A length of time in words: "240 ms", "12 s", "3 min", "2 h", "5 days". */
export function span(millis: number): string {
  const steps: [below: number, per: number, unit: string][] = [
    [1_000, 1, "ms"],
    [120_000, 1_000, "s"],
    [7_200_000, 60_000, "min"],
    [172_800_000, 3_600_000, "h"],
    [Number.POSITIVE_INFINITY, 86_400_000, "days"],
  ];
  const step = steps.find(([below]) => millis < below) ?? steps[4]!;
  return `${Math.floor(millis / step[1]).toLocaleString("en")} ${step[2]}`;
}

/** Numbers in order as ranges: "0–5, 7". */
export function ranges(numbers: number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(", ");
}
