const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" });
const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

const clocks = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const days = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, "second", 1],
  [3_600, "minute", 60],
  [86_400, "hour", 3_600],
  [86_400 * 30, "day", 86_400],
  [86_400 * 365, "month", 86_400 * 30],
  [Number.POSITIVE_INFINITY, "year", 86_400 * 365],
];

/** "3 minutes ago", seen from `now` (milliseconds). */
export function relative(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  if (Number.isNaN(seconds)) return at;
  if (Math.abs(seconds) < 5) return "just now";
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit) ?? STEPS[5]!;
  return words.format(Math.trunc(seconds / step[2]), step[1]);
}

/** As the API says it: UTC to the millisecond. */
export function exactUtc(at: string): string {
  return at.replace("T", " ").replace("Z", " UTC");
}

/** The time of day in the person's own zone, to the millisecond; with the day, where it is another one than `beside`. */
export function clock(at: string, beside: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const day = time.toDateString() === new Date(beside).toDateString() ? "" : `${days.format(time)}, `;
  return `${day}${clocks.format(time)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** In the person's own zone. */
export function local(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : zoned.format(time);
}

/** How long something took: "12 ms", "3.4 s", "2 min 5 s". */
export function duration(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
