import type { Right } from "../texts/rights";
import type { InstallationPage } from "./installation";
import { pagesIn, permitted, SECTIONS } from "./navigation";
import type { Place } from "./place";
import type { Visit } from "./visited";

/** Where one can jump to. */
export interface Target {
  label: string;
  kind: string;
  to: string;
}

/** The most that the palette shows at once: whoever types on sees fewer. */
export const MOST = 50;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the person may open beside the project's pages. */
export interface Reach {
  may: (right: Right) => boolean;
  installation: Pick<InstallationPage, "to" | "label">[];
}

/** The pages that the person may open: of the project, of the installation, of the own account. */
export function pagesOf(place: Place, { may, installation }: Reach): Target[] {
  const own = place.projectId
    ? permitted(SECTIONS, may).flatMap((section) => pagesIn(section).map(({ entry, under }) => ({ label: entry.label, kind: under, to: entry.to(place) })))
    : [];
  return [
    ...own,
    { label: "Projects", kind: "Installation", to: "/projects" },
    ...installation.map(({ to, label }) => ({ label, kind: "Installation", to })),
    { label: "Your account", kind: "Account", to: "/account" },
    { label: "Personal tokens", kind: "Account", to: "/account#tokens" },
    { label: "Sessions", kind: "Account", to: "/account#sessions" },
    { label: "Password", kind: "Account", to: "/account#password" },
  ];
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

/** Everything there is, each once: what was opened last in front, the page that is open nowhere. */
export function inOrder(visits: Visit[], known: Target[], place: Place, here: string): Target[] {
  // what comes first has the name: the page of a branch's versions is "Versions", not "main"
  const named = new Map(known.toReversed().map((target) => [plain(target.to), target]));
  const last = visits.filter((one) => one.projectId === place.projectId || one.projectId === "").map((one) => named.get(plain(one.to)) ?? one);
  const all = new Map<string, Target>();
  for (const target of [...last, ...known]) if (!all.has(plain(target.to))) all.set(plain(target.to), target);
  all.delete(plain(here));
  return [...all.values()];
}

/** The targets that have all words of the text, in any order; the ones that begin with it first. */
export function matching(text: string, targets: Target[]): Target[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (target: Target) => words.every((word) => `${target.label} ${target.kind}`.toLowerCase().includes(word));
  const begins = (target: Target) => (target.label.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  return targets.filter(fits).toSorted((a, b) => begins(a) - begins(b));
}

/** One address in one spelling. */
function plain(to: string): string {
  try {
    return decodeURIComponent(to);
  } catch {
    return to;
  }
}
