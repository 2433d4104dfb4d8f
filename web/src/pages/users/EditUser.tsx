import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type User, changeUser, userNow } from "../../api/users";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { PersonFields, saidAtField } from "./PersonFields";

/** Changes a user's name and e-mail. Only what was typed here is sent, so that nothing of somebody else is undone. */
export function EditUser({ user, onClose, done }: { user: User; onClose: () => void; done: () => unknown }) {
  const [person, setPerson] = useState({ name: user.name, email: user.email });
  const change = useMutation({
    mutationFn: async () => {
      const { etag } = await userNow(user.id);
      const name = person.name === user.name ? {} : { name: person.name };
      const email = person.email === user.email ? {} : { email: person.email };
      return changeUser(user.id, { ...name, ...email }, etag);
    },
    onSuccess: done,
  });
  const same = person.name === user.name && person.email === user.email;
  return (
    <Dialog opened onClose={onClose} title="Change name or e-mail">
      <ActForm act="Save" ready={!same} busy={change.isPending} run={() => change.mutate()} onClose={onClose}>
        <PersonFields person={person} set={setPerson} error={change.error} />
        {!saidAtField(change.error) && <Trouble error={change.error} />}
      </ActForm>
    </Dialog>
  );
}
