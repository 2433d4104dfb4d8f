import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ProcessDefinition, process, processesKey, renameProcess } from "../../api/processes";
import { Refusal } from "../../api/refusal";
import { counted } from "../../components/count";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import type { Place } from "../../shell/place";
import { NAME_RULE } from "../../texts/dataSources";
import { RENAME_HINT } from "../../texts/processes";
import { NAME_MOST, nameHint } from "../data-sources/limits";

/** Renames a process. */
export function RenameProcess({ place, definition, onClose }: { place: Place; definition: ProcessDefinition; onClose: () => void }) {
  const [name, setName] = useState(definition.name);
  const id = definition.resourceDefinitionId;
  const rename = useMutation({
    mutationFn: async () => {
      const read = await queries.fetchQuery({ ...process(place, id), staleTime: 0 });
      return renameProcess(place, id, read.etag, name);
    },
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries({ queryKey: processesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
  });
  const refused = rename.error instanceof Refusal ? rename.error : undefined;
  const field = refused?.field("name") ?? (refused?.problem.code === "name-taken" ? refused.message : undefined);
  return (
    <Modal opened onClose={onClose} title="Rename process">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            description={`${NAME_RULE} ${RENAME_HINT} ${counted(name, NAME_MOST)}`}
            required
            value={name}
            onChange={(event) => {
              rename.reset();
              setName(event.currentTarget.value);
            }}
            error={field ?? nameHint(name)}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
          {!field && <Trouble error={rename.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending} disabled={name.trim() === "" || name === definition.name}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
