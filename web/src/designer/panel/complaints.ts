import { useMemo } from "react";
import type { CheckProblem } from "../../api/processes";
import type { Complaint } from "../../components/code/Code";

/** Those problems that have a place in the JavaScript. */
export function complaintsOf(problems: CheckProblem[]): Complaint[] {
  return problems.flatMap(({ line, column, message, code }) => (code === "javascript-syntax" ? [{ line: line ?? 1, ...(column == null ? {} : { column }), message }] : []));
}

/** A place in a text, as far as it is known. */
export function placeOf(line: number, column: number | null | undefined): string {
  return column == null ? `line ${line}` : `line ${line}, column ${column}`;
}

/** The same object while they stay the same, so that the editor is not told at each key. */
export function useComplaints(problems: CheckProblem[]): Complaint[] {
  const text = JSON.stringify(complaintsOf(problems));
  return useMemo(() => JSON.parse(text) as Complaint[], [text]);
}
