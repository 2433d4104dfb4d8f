import { List, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ProcessDefinition, deleteProcess, process, processesKey } from "../../api/processes";
import { Refusal } from "../../api/refusal";
import { Confirm } from "../../components/Confirm";
import { askOnce, queries } from "../../queries";
import type { Place } from "../../shell/place";
import { DELETE_KEEPS } from "../../texts/processes";

/** Asks, then deletes; what stands in the way is named in the server's words. */
export function DeleteProcess({ place, definition, onClose }: { place: Place; definition: ProcessDefinition; onClose: () => void }) {
  const id = definition.resourceDefinitionId;
  const leave = useMutation({
    mutationFn: async () => {
      const read = await askOnce(process(place, id));
      await deleteProcess(place, id, read.etag);
    },
    onSuccess: () => {
      onClose();
      queries.removeQueries({ queryKey: process(place, id).queryKey });
      void queries.invalidateQueries({ queryKey: processesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
  });
  const blocking = leave.error instanceof Refusal ? leave.error.problem.blocking : undefined;
  return (
    <Confirm opened onClose={onClose} title={`Delete ${definition.name}?`} act="Delete" busy={leave.isPending} error={leave.error} onConfirm={leave.mutate}>
      <Text size="sm">{DELETE_KEEPS}</Text>
      {blocking && (
        <List size="sm" mt="sm" aria-label="What stands in the way">
          {blocking.map((one) => (
            <List.Item key={one.id}>{one.name}</List.Item>
          ))}
        </List>
      )}
    </Confirm>
  );
}
