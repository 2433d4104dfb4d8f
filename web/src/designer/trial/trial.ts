import type { Trial } from "../../api/processes";
import type { Mark } from "../../components/diagram/marks";

/** What a trial paints: where it went, where it waits, what stopped it. */
export function trialMarks({ path, flows, incidents }: Pick<Trial, "path" | "flows" | "incidents">): Mark[] {
  const visits = new Map<string, number>();
  for (const { elementId } of path) visits.set(elementId, (visits.get(elementId) ?? 0) + 1);
  for (const flow of flows) visits.set(flow, Math.max(visits.get(flow) ?? 0, 1));
  const stopped = new Map(incidents.map((incident) => [incident.elementId, incident.message]));
  const waiting = new Set(path.filter((visit) => visit.outcome === null).map((visit) => visit.elementId));
  return [
    ...[...visits].map(([element, count]): Mark => ({ element, kind: "path", count })),
    ...[...waiting].filter((element) => !stopped.has(element)).map((element): Mark => ({ element, kind: "token", title: "It waits here" })),
    ...[...stopped].map(([element, title]): Mark => ({ element, kind: "incident", title })),
  ];
}

/** Every variable as it is after so many visits; 0 is the start. A text that was left out is said to be. */
export function variablesAfter({ path, startVariables }: Pick<Trial, "path" | "startVariables">, visits: number): [name: string, json: string][] {
  const all = new Map<string, string>();
  const written = [startVariables, ...path.slice(0, visits).map((visit) => visit.variables)];
  for (const variables of written) {
    for (const { name, json, size } of variables) all.set(name, json ?? JSON.stringify(`left out: ${size} bytes`));
  }
  return [...all];
}

/** The variables as one JSON text, each as it stands. */
export function asObject(variables: [name: string, json: string][]): string {
  return `{${variables.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}
