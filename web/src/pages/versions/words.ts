import type { Place } from "../../shell/place";

/** What a kind of resource is called. */
export function kindWord(kind: string): string {
  if (kind === "data-source") return "Data source";
  if (kind === "process-definition") return "Process";
  return kind;
}

/** "1 resource", "3 resources". */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}

/** The address of the versions of a branch, or of something in them. */
export function versionsPath(place: Place, ...below: string[]): string {
  return [`/projects/${place.projectId}/branches/${place.branch}/versions`, ...below].join("/");
}

/** The address of a resource where it is edited. */
export function resourcePath(place: Place, kind: string, id: string): string {
  const noun = kind === "data-source" ? "data-sources" : "processes";
  return `/projects/${place.projectId}/branches/${place.branch}/${noun}/${id}`;
}
