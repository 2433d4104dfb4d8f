import { SECTIONS } from "./navigation";
import type { Place } from "./place";

/** Where one can jump to. */
export interface Target {
  label: string;
  kind: string;
  to: string;
}

/** The most that the palette shows at once. */
const MOST = 12;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The pages of the project. */
export function pagesOf(place: Place): Target[] {
  const own = place.projectId
    ? SECTIONS.flatMap((section) => section.entries.map((entry) => ({ label: entry.label, kind: section.label, to: entry.to(place) })))
    : [];
  return [...own, { label: "Projects", kind: "Forebay", to: "/projects" }, { label: "Your account", kind: "Forebay", to: "/account" }];
}

/** What an id can be the id of. */
export function idsOf(text: string, place: Place): Target[] {
  const id = text.trim();
  if (!place.projectId || !UUID.test(id)) return [];
  const project = `/projects/${place.projectId}`;
  return [
    { label: id, kind: "Event", to: `${project}/events/${id}` },
    { label: id, kind: "Process instance", to: `${project}/instances/${id}` },
    { label: id, kind: "Failed trigger", to: `${project}/failed-triggers/${id}` },
  ];
}

/** The targets that have all words of the text, in any order; the ones that begin with it first. */
export function matching(text: string, targets: Target[]): Target[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (target: Target) => words.every((word) => `${target.label} ${target.kind}`.toLowerCase().includes(word));
  const begins = (target: Target) => (target.label.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  return targets.filter(fits).toSorted((a, b) => begins(a) - begins(b)).slice(0, MOST);
}
