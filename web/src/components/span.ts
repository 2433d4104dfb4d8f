/** A span of time as it stands in the address: the last so and so long, or from and to. */
export const SPAN = ["last", "from", "to"] as const;
export type SpanValues = Record<(typeof SPAN)[number], string>;

/** The spans that are offered. */
export const LASTS: { value: string; label: string; seconds: number }[] = [
  { value: "15m", label: "Last 15 minutes", seconds: 900 },
  { value: "1h", label: "Last hour", seconds: 3_600 },
  { value: "24h", label: "Last 24 hours", seconds: 86_400 },
  { value: "7d", label: "Last 7 days", seconds: 604_800 },
];

/** For the API, at this moment. What cannot be read is no limit. */
export function spanQuery({ last, from, to }: SpanValues, now: number): { from?: string; to?: string } {
  const known = LASTS.find((one) => one.value === last);
  if (known) return { from: new Date(now - known.seconds * 1000).toISOString() };
  return { ...limit("from", from), ...limit("to", to) };
}

function limit<K extends string>(name: K, at: string): Partial<Record<K, string>> {
  const time = at === "" ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? {} : ({ [name]: new Date(time).toISOString() } as Partial<Record<K, string>>);
}

/** For a field of the kind datetime-local, in the person's zone. */
export function toField(at: string): string {
  const time = new Date(at);
  if (at === "" || Number.isNaN(time.getTime())) return "";
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** And back: UTC, for the address. */
export function fromField(text: string): string {
  const time = new Date(text);
  return text === "" || Number.isNaN(time.getTime()) ? "" : time.toISOString();
}
