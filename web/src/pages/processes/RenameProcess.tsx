import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ProcessDefinition, process, processesKey, renameProcess } from "../../api/processes";
import { nameRefused } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { askOnce, queries } from "../../queries";
import type { Place } from "../../shell/place";
import { RENAME_HINT } from "../../texts/processes";
import { ResourceName } from "../data-sources/ResourceName";

/** Renames a process. */
export function RenameProcess({ place, definition, onClose }: { place: Place; definition: ProcessDefinition; onClose: () => void }) {
  const [name, setName] = useState(definition.name);
  const id = definition.resourceDefinitionId;
  const rename = useMutation({
    mutationFn: async () => {
      const read = await askOnce(process(place, id));
      return renameProcess(place, id, read.etag, name);
    },
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries({ queryKey: processesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
  });
  const field = nameRefused(rename.error);
  return (
    <Dialog opened onClose={onClose} title="Rename process">
      <ActForm act="Rename" ready={name.trim() !== "" && name !== definition.name} busy={rename.isPending} run={() => rename.mutate()} onClose={onClose}>
        <ResourceName
          name={name}
          setName={(text) => {
            rename.reset();
            setName(text);
          }}
          error={field}
          more={RENAME_HINT}
        />
        {!field && <Trouble error={rename.error} />}
      </ActForm>
    </Dialog>
  );
}
