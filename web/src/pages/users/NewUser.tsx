import { Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createUser } from "../../api/users";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { NEW } from "../../texts/users";
import { LinkDialog } from "./LinkDialog";
import { PersonFields, saidAtField } from "./PersonFields";

/** Makes a user; their sign-in link is the next step. */
export function NewUser({ onClose, made }: { onClose: () => void; made: () => unknown }) {
  const [person, setPerson] = useState({ name: "", email: "" });
  const make = useMutation({ mutationFn: () => createUser(person), onSuccess: made });
  if (make.data) return <LinkDialog user={make.data} onClose={onClose} />;
  return (
    <Dialog opened onClose={onClose} title="New user">
      <ActForm act="Create" ready={person.name.trim() !== "" && person.email.trim() !== ""} busy={make.isPending} run={() => make.mutate()} onClose={onClose}>
        <Text size="sm">{NEW}</Text>
        <PersonFields person={person} set={setPerson} error={make.error} />
        {!saidAtField(make.error) && <Trouble error={make.error} />}
      </ActForm>
    </Dialog>
  );
}
