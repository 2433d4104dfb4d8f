import type { ElementDifference } from "../../api/versions";
import type { Mark } from "../../components/diagram/Diagram";

/** Which of the two versions is looked at. */
export type Side = "now" | "before";

/** What is painted on the diagram of a side: what was added is only in the new one, what was removed only in the old one. */
export function marksOf(elements: ElementDifference[], side: Side): Mark[] {
  const absent = side === "now" ? "removed" : "added";
  return elements.flatMap(({ elementId, change }) => (elementId === null || change === absent ? [] : [{ element: elementId, kind: change as Mark["kind"] }]));
}

/** The kinds of change that there are, with their counts, in the order in which they are told. */
export function countsOf(elements: ElementDifference[]): [change: string, count: number][] {
  const order = ["added", "removed", "changed", "moved"];
  return order.flatMap((change): [string, number][] => {
    const count = elements.filter((element) => element.change === change).length;
    return count === 0 ? [] : [[change, count]];
  });
}

/** `sequenceFlow` as people read it: "Sequence flow". */
export function typeWord(type: string): string {
  const words = type.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A setting of a data source as people read it. */
export function fieldWord(field: string): string {
  const words: Record<string, string> = {
    name: "Name",
    description: "Description",
    redactedHeaders: "Redacted headers",
    idempotencyKey: "Idempotency key",
  };
  return words[field] ?? field;
}

/** A line of a text that was compared. */
export interface Line {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Longer texts are shown one after the other: comparing them line by line would take too long. */
const LINES = 1_000;

/** What differs between two texts, line by line. */
export function lineDiff(before: string, now: string): Line[] {
  const [a, b] = [before.split("\n"), now.split("\n")];
  if (a.length > LINES || b.length > LINES) {
    return [...a.map((text): Line => ({ kind: "removed", text })), ...b.map((text): Line => ({ kind: "added", text }))];
  }
  const width = b.length + 1;
  const longest = common(a, b);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || at(longest, (i + 1) * width + j) >= at(longest, i * width + j + 1))) {
      lines.push({ kind: "removed", text: a[i] ?? "" });
      i += 1;
    } else {
      lines.push({ kind: "added", text: b[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

/** For each pair of positions, how many lines the rests have in common, in order. */
function common(a: string[], b: string[]): Uint16Array {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i] === b[j] ? at(longest, (i + 1) * width + j + 1) + 1 : Math.max(at(longest, (i + 1) * width + j), at(longest, i * width + j + 1));
    }
  }
  return longest;
}

function at(table: Uint16Array, index: number): number {
  return table[index] ?? 0;
}
