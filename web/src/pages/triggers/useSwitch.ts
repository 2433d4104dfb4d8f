import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Trigger, activate, deactivate, triggers, triggersKey } from "../../api/triggers";

/** Activates and deactivates; the list shows the state that the server answered at once. */
export function useSwitch(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, to }: { id: string; to: "Active" | "Deactivated" }) => (to === "Active" ? activate : deactivate)(projectId, id),
    onSuccess: (changed: Trigger) => {
      client.setQueryData(triggers(projectId).queryKey, (old) => old?.map((one) => (one.id === changed.id ? changed : one)));
      void client.invalidateQueries({ queryKey: triggersKey(projectId) });
    },
  });
}
