import type { Operation } from "../api/operations";

const VERBS: Record<string, { doing: string; done: string }> = {
  "retry-failed-triggers": { doing: "Retrying failed triggers", done: "retried" },
  "dismiss-failed-triggers": { doing: "Dismissing failed triggers", done: "dismissed" },
  "retry-incidents": { doing: "Retrying incidents", done: "resolved" },
};

/** What an operation does, and how far it is, in words. */
export function words(operation: Operation): { title: string; progress: string } {
  const verb = VERBS[operation.kind] ?? { doing: operation.kind, done: "done" };
  const count = operation.done + operation.failed;
  const parts = [`${operation.done.toLocaleString("en")} ${verb.done}`];
  if (operation.failed > 0) parts.push(`${operation.failed.toLocaleString("en")} failed again`);
  if (operation.passedOver) parts.push(`${operation.passedOver.toLocaleString("en")} passed over`);
  const of = `${count.toLocaleString("en")} of ${operation.total.toLocaleString("en")}`;
  const ends: Record<string, string> = { done: "done", failed: "stopped", cancelled: "cancelled" };
  const end = ends[operation.state];
  return { title: verb.doing, progress: end ? `${end}: ${parts.join(", ")}` : `${of}: ${parts.join(", ")}` };
}

/** How far it is, 0 to 100. */
export function percent({ done, failed, total }: Operation): number {
  return total === 0 ? 100 : Math.min(100, Math.round(((done + failed) / total) * 100));
}
