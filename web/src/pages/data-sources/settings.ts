import type { DataSource, DataSourceChange } from "../../api/dataSources";

/** Where the sender's own id of an event stands. */
export interface Key {
  kind: "none" | "header" | "pointer";
  value: string;
}

/** What is typed on the page of a data source. */
export interface Draft {
  name: string;
  description: string;
  /** `null`: the default list, whatever it is. */
  redactedHeaders: string[] | null;
  key: Key;
}

/** The setting as the API writes it: `header:NAME`, `pointer:/path`, or nothing. */
export function keyText({ kind, value }: Key): string | null {
  return kind === "none" ? null : `${kind}:${value.trim()}`;
}

/** The other way round. */
export function keyOf(text: string | null): Key {
  const colon = text?.indexOf(":") ?? -1;
  const kind = text?.slice(0, Math.max(colon, 0));
  if (!text || (kind !== "header" && kind !== "pointer")) return { kind: "none", value: "" };
  return { kind, value: text.slice(colon + 1) };
}

/** The draft that changes nothing. */
export function draftOf(source: DataSource): Draft {
  const { name, description, redactedHeaders, idempotencyKey } = source;
  return { name, description, redactedHeaders, key: keyOf(idempotencyKey) };
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((one, at) => one === b[at]);

/** Only what differs from what was read, so that what somebody else changed beside it stays. */
export function changeOf(read: DataSource, draft: Draft): DataSourceChange {
  const change: DataSourceChange = {};
  if (draft.name.trim() !== read.name) change.name = draft.name;
  if (draft.description.trim() !== read.description) change.description = draft.description;
  const headers = draft.redactedHeaders?.map((name) => name.trim()).filter((name) => name !== "") ?? null;
  if (headers === null || !same(headers, read.redactedHeaders)) change.redactedHeaders = headers;
  if (keyText(draft.key) !== read.idempotencyKey) change.idempotencyKey = keyText(draft.key);
  return change;
}

/** Whether there is anything to save. */
export function differs(read: DataSource, draft: Draft): boolean {
  return Object.keys(changeOf(read, draft)).length > 0;
}

/** A setting that two people changed at once. */
export interface Clash {
  field: string;
  mine: string;
  theirs: string;
}

const LABELS: [field: keyof DataSourceChange, label: string][] = [
  ["name", "Name"],
  ["description", "Description"],
  ["redactedHeaders", "Redacted headers"],
  ["idempotencyKey", "Idempotency key"],
];

/** What the other person changed since `read`, beside what this page would write. */
export function clashes(read: DataSource, now: DataSource, draft: Draft): Clash[] {
  const change = changeOf(read, draft);
  return LABELS.flatMap(([field, label]) => {
    const theirs = text(now[field]);
    const mine = field in change ? text(change[field]) : text(read[field]);
    return theirs === text(read[field]) || theirs === mine ? [] : [{ field: label, mine, theirs }];
  });
}

function text(value: string | string[] | null | undefined): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return value === null || value === undefined || value === "" ? "none" : value;
}
