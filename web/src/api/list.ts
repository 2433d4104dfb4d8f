import { type QueryKey, type UseQueryResult, infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";

/** A page of any list of the API. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** How many rows are asked for at once; the API's limit is 200. */
const ROWS = 100;

/** The options of a list that grows as it is scrolled. `read` is given the cursor of the page and the limit. */
export function listOptions<T>(
  queryKey: QueryKey,
  read: (query: { cursor?: string; limit: number }, signal: AbortSignal) => Promise<Page<T>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam ? { cursor: pageParam, limit: ROWS } : { limit: ROWS }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

/** A list for `Rows`: everything that was read of it, its states, and how to go on. */
export function useList<T>(options: ReturnType<typeof listOptions<T>>): ListState<T> {
  const query = useInfiniteQuery(options);
  // looked at while it is drawn: a change of what is looked at later would not be heard of
  const ready = query.hasNextPage && !query.isFetching && !query.isError;
  return {
    rows: query.data?.pages.flatMap((page) => page.items) ?? [],
    first: query.isPending,
    error: query.error,
    more: query.hasNextPage,
    reading: query.isFetchingNextPage,
    asked: query,
    goOn: () => {
      // silence is asked for again by the client itself; after a refusal only a person does
      if (ready) void query.fetchNextPage();
    },
    again: () => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch()),
  };
}

/** The state of a list. */
export interface ListState<T> {
  rows: T[];
  /** Nothing was read yet. */
  first: boolean;
  error: Error | null;
  /** There are rows below. */
  more: boolean;
  reading: boolean;
  /** How often it was asked for in vain, and why. */
  asked: Pick<UseQueryResult, "failureCount" | "failureReason">;
  goOn: () => void;
  again: () => void;
}

/** Rows that came with something else: nothing more is read of them. */
export function there<T>(rows: T[]): ListState<T> {
  const asked = { failureCount: 0, failureReason: null };
  return { rows, first: false, error: null, more: false, reading: false, asked, goOn: () => undefined, again: () => undefined };
}

/** A list that was read whole, for `Rows`; `fits` is the page's own filter. */
export function whole<T>(query: UseQueryResult<T[]>, fits: (row: T) => boolean = () => true): ListState<T> {
  return {
    rows: query.data?.filter(fits) ?? [],
    first: query.isPending,
    error: query.error,
    more: false,
    reading: false,
    asked: query,
    goOn: () => undefined,
    again: () => void query.refetch(),
  };
}
