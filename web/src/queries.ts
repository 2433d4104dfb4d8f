import { QueryClient } from "@tanstack/react-query";
import { Refusal } from "./api/refusal";

/** What was read of the server. A refusal is an answer and is not asked for again; silence is. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // the server may be there without the internet, and away with it: only asking shows it
      networkMode: "always",
      staleTime: 5_000,
      retry: (count, error) => !(error instanceof Refusal && error.status < 500) && count < 3,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
