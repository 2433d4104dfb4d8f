import type Modeler from "bpmn-js/lib/Modeler";
import { useEffect } from "react";
import type { CheckProblem } from "../api/processes";
import { type Mark, paint } from "../components/diagram/marks";

/** One mark for each element that has problems: the worst, with all that is said of it. */
export function problemMarks(problems: CheckProblem[]): Mark[] {
  const marks = new Map<string, Mark>();
  for (const { elementId, severity, message } of problems) {
    if (elementId === null) continue;
    const kind = severity === "error" ? "error" : "warning";
    const before = marks.get(elementId);
    marks.set(elementId, {
      element: elementId,
      kind: before?.kind === "error" ? "error" : kind,
      title: before ? `${before.title}\n${message}` : message,
    });
  }
  return [...marks.values()];
}

/** Shows in the diagram where the problems are. */
export function useProblemMarks(modeler: Modeler | undefined, problems: CheckProblem[]): void {
  useEffect(() => (modeler ? paint(modeler, problemMarks(problems)) : undefined), [modeler, problems]);
}
