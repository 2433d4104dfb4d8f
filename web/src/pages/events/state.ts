import type { EventSummary } from "../../api/events";

/** What became of an event, of what the list says: a failure is told before anything else. */
export function state(event: Pick<EventSummary, "started" | "failed" | "duplicate">): string {
  if (event.duplicate && event.started === 0) return "duplicate";
  if (event.failed > 0) return event.started > 0 ? "failed" : "refused";
  return "started";
}
