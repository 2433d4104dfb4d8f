import type { Page } from "./list";

/** How many rows are asked for at once: the API's limit. */
const ROWS = 200;

/** By name, as a person looks for it: 2 before 10, upper and lower case alike. */
export function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}

/** A list of the API, page after page, until it ends or `most` rows were read. */
export async function all<T>(read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>, most = Number.POSITIVE_INFINITY): Promise<T[]> {
  const rows: T[] = [];
  for (let cursor: string | null = ""; cursor !== null && rows.length < most; ) {
    const page: Page<T> = await read(cursor ? { limit: ROWS, cursor } : { limit: ROWS });
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}
