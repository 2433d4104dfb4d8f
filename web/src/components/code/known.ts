// What scripts can read, and how it is found from what was typed.

/** A value that scripts can read, as far as it is known. */
export interface Known {
  name: string;
  /** What it is, in a word or two: "string", "object". */
  type?: string;
  /** What is said beside it. */
  info?: string;
  fields?: Known[];
  /** What the items of an array have in common. */
  items?: Known;
}

/** One step of a path: `.name`, `["name"]` or `[0]`. */
const STEP = /(?:^|\.)([\p{L}_$][\p{L}\p{Nd}_$]*)|\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+))\s*\]/uy;

const ARRAY: Known[] = [
  { name: "length", type: "number" },
  ...["map", "filter", "find", "some", "every", "reduce", "includes", "join", "slice"].map((name) => ({ name, type: "method" })),
];

/** The path that ends at the cursor: what stands before the last dot, and what was begun after it. */
export function pathBefore(line: string): { path: string[]; begun: string; dot: boolean } | undefined {
  const found = /((?:[\p{L}_$][\p{L}\p{Nd}_$]*|\[[^[\]]*\]|\?|\.)*?)(\.?)([\p{L}_$][\p{L}\p{Nd}_$]*)?$/u.exec(line);
  if (!found) return undefined;
  const [, before = "", dot = "", begun = ""] = found;
  if (before === "") return dot === "" ? { path: [], begun, dot: false } : undefined;
  if (dot === "") return undefined;
  const path = steps(before.replaceAll("?.", ".").replaceAll("?", ""));
  return path && { path, begun, dot: true };
}

function steps(text: string): string[] | undefined {
  const found: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (!step) return undefined;
    found.push(step[1] ?? step[2] ?? step[3] ?? step[4] ?? "");
  }
  return found;
}

/** What stands at the end of a path. */
export function at(roots: Known[], path: string[]): Known | undefined {
  let here: Known = { name: "", fields: roots };
  for (const step of path) {
    const next = here.fields?.find((field) => field.name === step) ?? (/^\d+$/.test(step) ? here.items : undefined);
    if (!next) return undefined;
    here = next;
  }
  return here;
}

/** What can be read of it. */
export function members(known: Known): Known[] {
  return [...(known.fields ?? []), ...(known.items ? ARRAY : [])];
}

/** Whether a name can stand after a dot. */
export function isName(name: string): boolean {
  return /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(name);
}
