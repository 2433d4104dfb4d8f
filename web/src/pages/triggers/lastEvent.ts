import type { Trigger } from "../../api/triggers";

/** When a request with the right key came last. */
export function lastEvent(trigger: Trigger): string | null {
  const used = trigger.keys.flatMap((key) => (key.lastUsedAt ? [key.lastUsedAt] : []));
  return used.toSorted().at(-1) ?? null;
}
