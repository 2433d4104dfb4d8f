import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FAILED_NOUN, dismissOne } from "../../api/failedTriggers";

/** Removes one failed trigger, then reads the lists again. */
export function useDismiss(projectId: string, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => dismissOne(projectId, id),
    onSuccess: () => {
      done();
      void client.invalidateQueries({ queryKey: ["project", projectId, FAILED_NOUN] });
    },
  });
}
