import { type FetchQueryOptions, type Query, QueryClient, type QueryKey, onlineManager } from "@tanstack/react-query";
import { overcome } from "./api/hindrance";
import { waitBefore } from "./api/live";
import { Refusal, Unreachable } from "./api/refusal";

/** Of anything that is neither an answer nor silence, this many tries are enough. */
const TRIES = 3;
/** A list that was scrolled so far is not read again as a whole: it grows old until the person comes back to it. */
const LONG = 3;

/** A refusal is an answer and is not asked for again; silence, and a server that cannot, are asked until there is one. */
function askedAgain(count: number, error: Error): boolean {
  if (error instanceof Refusal) return error.status >= 500;
  return error instanceof Unreachable || count < TRIES;
}

/** What was read of the server. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // the server may be there without the internet, and away with it: only asking shows it
      networkMode: "always",
      staleTime: 5_000,
      retry: askedAgain,
      retryDelay: (count) => waitBefore(count, Math.random()),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

/** Reads for an act that a person waits for: it is told at once where that fails. */
export function askOnce<T, K extends QueryKey>(options: FetchQueryOptions<T, Error, T, K>): Promise<T> {
  return queries.fetchQuery({ ...options, staleTime: 0, retry: false });
}

/** Asks now for what waits to be asked for again. `person`: somebody wants it, also what was not answered at all so far. */
export function askAgain(person = false): void {
  for (const query of queries.getQueryCache().findAll({ fetchStatus: "fetching" })) {
    const { fetchFailureCount, fetchMeta, data } = query.state;
    if (fetchFailureCount === 0 && !(person && data === undefined)) continue;
    // the next page alone, where the whole may stay as it is
    const same = fetchMeta && (person || isLong(query));
    void query.cancel({ silent: true });
    query.fetch(undefined, same ? { meta: fetchMeta } : {}).catch(() => undefined);
  }
}

/** Whether it is a list that is not read again as a whole. */
export function isLong({ state: { data } }: Query): boolean {
  return typeof data === "object" && data !== null && "pages" in data && Array.isArray(data.pages) && data.pages.length > LONG;
}

onlineManager.subscribe((online) => {
  if (!online) return;
  overcome("connection");
  askAgain();
});
