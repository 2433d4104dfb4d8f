import { FileInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ProcessDefinition, makeProcess, processesKey } from "../../api/processes";
import { nameRefused, Refusal } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { usePlace } from "../../shell/place";
import { FILE_HINT } from "../../texts/processes";
import { ResourceName } from "../data-sources/ResourceName";

/** Makes a process: the server's first diagram, or a file. */
export function NewProcess({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: (made: ProcessDefinition) => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New process">
      <Form onClose={onClose} onMade={onMade} />
    </Dialog>
  );
}

function Form({ onClose, onMade }: { onClose: () => void; onMade: (made: ProcessDefinition) => void }) {
  const place = usePlace();
  const [name, setName] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const make = useMutation({
    mutationFn: async () => makeProcess(place, name, await file?.text()),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: processesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
      onClose();
      onMade(made);
    },
  });
  const refused = make.error instanceof Refusal ? make.error : undefined;
  const ofName = nameRefused(make.error);
  const ofFile = refused?.field("bpmn") ?? (file && refused && !ofName && refused.status === 422 ? refused.message : undefined);
  return (
    <ActForm act="Create" ready={name.trim() !== ""} busy={make.isPending} run={() => make.mutate()} onClose={onClose}>
      <ResourceName
          name={name}
          setName={(text) => {
            make.reset();
            setName(text);
          }}
          error={ofName}
        />
      <FileInput
        label="From a file"
        description={FILE_HINT}
        placeholder="Choose a .bpmn file"
        accept=".bpmn,.xml,application/xml,text/xml"
        clearable
        clearButtonProps={{ "aria-label": "Without a file" }}
        value={file}
        onChange={(chosen) => {
          make.reset();
          setFile(chosen);
        }}
        error={ofFile}
      />
      {!ofName && !ofFile && <Trouble error={make.error} />}
    </ActForm>
  );
}
