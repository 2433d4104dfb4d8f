import { Anchor, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Select } from "../../components/Select";
import { useMayEverywhere, useMayGive } from "../../api/me";
import { addMember } from "../../api/members";
import { projectOf } from "../../api/projects";
import { Refusal } from "../../api/refusal";
import { levelWord, usePlaceNames } from "../../api/tenancy";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { ADD_EMAIL, NO_ACCOUNT, WHERE } from "../../texts/members";
import { RoleFields } from "./RoleFields";

/** Gives somebody roles. What they have there already stays. */
export function AddMember({ projectId, onClose, done }: { projectId: string; onClose: () => void; done: () => unknown }) {
  const [email, setEmail] = useState("");
  const [level, setLevel] = useState("project");
  const [given, setGiven] = useState({ roles: ["viewer"], payload: false });
  const places = usePlaces(projectId);
  const mayGive = useMayGive();
  const targetId = places.find((one) => one.level === level)?.targetId ?? projectId;
  const add = useMutation({ mutationFn: () => addMember({ level, targetId }, { email, ...given }), onSuccess: done });
  const refused = (name: string) => (add.error instanceof Refusal ? add.error.field(name) : undefined);
  return (
    <Dialog opened onClose={onClose} title="Add member">
      <ActForm act="Add" ready={email.trim() !== "" && given.roles.length > 0} busy={add.isPending} run={() => add.mutate()} onClose={onClose}>
        <TextInput label="E-mail" description={ADD_EMAIL} required value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={refused("email")} data-autofocus autoComplete="off" />
        {refused("email") && <NoAccount />}
        <RoleFields given={given} set={setGiven} error={refused("roles")} />
        <Select
          label="Where"
          description={WHERE}
          data={places.map((one) => ({ value: one.level, label: one.label, disabled: !mayGive(one.level) }))}
          value={level}
          onChange={(value) => value && setLevel(value)}
          allowDeselect={false}
        />
        {!refused("email") && !refused("roles") && <Trouble error={add.error} />}
      </ActForm>
    </Dialog>
  );
}

/** The project and what is above it. */
function usePlaces(projectId: string) {
  const project = useQuery(projectOf(projectId)).data;
  const nameOf = usePlaceNames();
  const seats = project
    ? [
        { level: "project", targetId: project.id, name: project.name },
        { level: "workspace", targetId: project.workspaceId, name: nameOf(project.workspaceId) },
        { level: "organization", targetId: project.organizationId, name: nameOf(project.organizationId) },
      ]
    : [{ level: "project", targetId: projectId, name: "this project" }];
  return seats.map((seat) => ({ ...seat, label: `${seat.name} (${levelWord(seat.level)})` }));
}

function NoAccount() {
  const may = useMayEverywhere("user:manage");
  return (
    <Text size="sm">
      {NO_ACCOUNT}{" "}
      {may && (
        <Anchor component={Link} to="/users" size="sm" underline="always">
          To the users
        </Anchor>
      )}
    </Text>
  );
}
