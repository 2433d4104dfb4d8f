import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FAILED_NOUN } from "../../api/failedTriggers";
import { type FailedSelection, dismissMany, operations, operationsKey, retryMany } from "../../api/operations";

/** Which act, on what. */
export interface Wanted {
  act: "retry" | "dismiss";
  chosen: FailedSelection;
}

/** Asks for work on many failed triggers; how it goes stands in the bar above the page. */
export function useMany(projectId: string, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ act, chosen }: Wanted) => (act === "retry" ? retryMany : dismissMany)(projectId, chosen),
    onSuccess: (queued) => {
      done();
      // so that the bar shows it, however soon it ends
      client.setQueryData(operations(projectId).queryKey, (old) => [queued, ...(old ?? [])]);
      void client.invalidateQueries({ queryKey: operationsKey(projectId) });
      void client.invalidateQueries({ queryKey: ["project", projectId, FAILED_NOUN] });
    },
  });
}
