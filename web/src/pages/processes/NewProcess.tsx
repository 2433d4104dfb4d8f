import { Button, FileInput, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ProcessDefinition, makeProcess, processesKey } from "../../api/processes";
import { Refusal } from "../../api/refusal";
import { counted } from "../../components/count";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { usePlace } from "../../shell/place";
import { NAME_RULE } from "../../texts/dataSources";
import { FILE_HINT } from "../../texts/processes";
import { NAME_MOST, nameHint } from "../data-sources/limits";

/** Makes a process: the server's first diagram, or a file. */
export function NewProcess({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: (made: ProcessDefinition) => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New process">
      <Form onClose={onClose} onMade={onMade} />
    </Modal>
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
  const ofName = refused?.field("name") ?? (refused?.problem.code === "name-taken" ? refused.message : undefined);
  const ofFile = refused?.field("bpmn") ?? (file && refused && !ofName && refused.status === 422 ? refused.message : undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description={`${NAME_RULE} ${counted(name, NAME_MOST)}`}
          required
          value={name}
          onChange={(event) => {
            make.reset();
            setName(event.currentTarget.value);
          }}
          error={ofName ?? nameHint(name)}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
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
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
