import { Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type DataSource, dataSourcesKey, makeDataSource } from "../../api/dataSources";
import { nameRefused, Refusal } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { counted } from "../../components/count";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { usePlace } from "../../shell/place";
import { DESCRIPTION_RULE } from "../../texts/dataSources";
import { DESCRIPTION_MOST, lengthHint } from "./limits";
import { ResourceName } from "./ResourceName";

/** Makes an incoming webhook. `onMade` goes on with it. */
export function NewDataSource({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: (made: DataSource) => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New incoming webhook">
      <Form onClose={onClose} onMade={onMade} />
    </Dialog>
  );
}

function Form({ onClose, onMade }: { onClose: () => void; onMade: (made: DataSource) => void }) {
  const place = usePlace();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const make = useMutation({
    mutationFn: () => makeDataSource(place, { name, description }),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: dataSourcesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
      onClose();
      onMade(made);
    },
  });
  // what was said of the text before is old
  const typed = (set: (text: string) => void, text: string) => {
    make.reset();
    set(text);
  };
  const refused = make.error instanceof Refusal ? make.error : undefined;
  const ofName = nameRefused(make.error);
  const ofDescription = refused?.field("description");
  return (
    <ActForm act="Create" ready={name.trim() !== ""} busy={make.isPending} run={() => make.mutate()} onClose={onClose}>
      <ResourceName name={name} setName={(text) => typed(setName, text)} error={ofName} />
      <Textarea
        label="Description"
        description={`${DESCRIPTION_RULE} ${counted(description, DESCRIPTION_MOST)}`}
        value={description}
        onChange={(event) => typed(setDescription, event.currentTarget.value)}
        error={ofDescription ?? lengthHint(description, DESCRIPTION_MOST)}
        autosize
        minRows={2}
        maxRows={8}
      />
      {!ofName && !ofDescription && <Trouble error={make.error} />}
    </ActForm>
  );
}
