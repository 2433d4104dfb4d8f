/** A variable without its value. */
export interface Summary {
  name: string;
  size: number;
}

/** Variables up to this size, in all, are read with the page; what is beyond is read when asked for. */
export const READ_AT_ONCE = 2 * 1_048_576;
const MOST_AT_ONCE = 100;

/** The variables that are read with the page, and those that are not: the smallest first. */
export function split(all: Summary[]): { now: Summary[]; later: Summary[] } {
  let left = READ_AT_ONCE;
  const now = new Set<Summary>();
  for (const one of all.toSorted((a, b) => a.size - b.size).slice(0, MOST_AT_ONCE)) {
    left -= one.size;
    if (left >= 0) now.add(one);
  }
  return { now: all.filter((one) => now.has(one)), later: all.filter((one) => !now.has(one)) };
}

/** One JSON text of the texts of several variables; nothing of it is read or changed. */
export function together(texts: [name: string, text: string][]): string {
  return `{${texts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
}
