import type { Mark } from "../../components/diagram/Diagram";
import type { InstanceDetail, Visit } from "../../api/instances";

/** How deep in subprocesses each visit is. */
export function depths(trail: Visit[]): Map<number, number> {
  const depth = new Map<number, number>();
  for (const visit of trail) depth.set(visit.visit, visit.scope === null ? 0 : (depth.get(visit.scope) ?? 0) + 1);
  return depth;
}

/** What is painted on the diagram: the path with how often, the tokens, the incidents. */
export function marks({ trail, tokens, incidents }: Pick<InstanceDetail, "trail" | "tokens" | "incidents">): Mark[] {
  const path = counted(trail.flatMap((visit) => [visit.elementId, ...visit.flows]));
  const standing = counted(incidents.map((incident) => incident.elementId));
  const waiting = counted(tokens.map((token) => token.elementId).filter((id) => !standing.has(id)));
  return [...all(path, "path"), ...all(waiting, "token"), ...all(standing, "incident").map((mark) => ({ ...mark, title: told(incidents, mark.element) }))];
}

function told(incidents: InstanceDetail["incidents"], element: string): string {
  return incidents.find((incident) => incident.elementId === element)?.message.slice(0, 300) ?? "";
}

function counted(ids: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function all(counts: Map<string, number>, kind: Mark["kind"]): Mark[] {
  return [...counts].map(([element, count]) => ({ element, kind, count }));
}
