import { Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import { type Member, changeMember, memberNow } from "../../api/members";
import { Refusal } from "../../api/refusal";
import { levelWord } from "../../api/tenancy";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { CHANGED_MEANWHILE } from "../../texts/members";
import { RoleFields } from "./RoleFields";

interface ChangeProps {
  member: Member;
  /** The name of what the roles are given on. */
  place: string;
  onClose: () => void;
  done: () => unknown;
}

/** Gives a member further roles and takes some away, where they are given. */
export function ChangeMember({ member, place, onClose, done }: ChangeProps) {
  const read = useQuery(memberNow(member, member.userId));
  return (
    <Dialog opened onClose={onClose} title={`Roles of ${member.name}`}>
      <Stack>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <bdi>{member.email}</bdi>, on the {levelWord(member.level)} <bdi>{place}</bdi>
        </Text>
        <Trouble error={read.error} again={() => void read.refetch()} />
        {read.isPending && <Loading of={read} height={280} />}
        {read.data && <Form key={read.data.etag} read={read.data} again={() => void read.refetch()} onClose={onClose} done={done} />}
      </Stack>
    </Dialog>
  );
}

interface FormProps {
  read: Tagged<Member>;
  again: () => void;
  onClose: () => void;
  done: () => unknown;
}

function Form({ read, again, onClose, done }: FormProps) {
  const [given, setGiven] = useState({ roles: read.value.roles, payload: read.value.payload });
  const change = useMutation({ mutationFn: () => changeMember(read.value, read.value.userId, given, read.etag), onSuccess: done });
  const stale = change.error instanceof Refusal && change.error.status === 412;
  const same = sameRoles(given.roles, read.value.roles) && given.payload === read.value.payload;
  return (
    <ActForm act="Change roles" ready={!same && given.roles.length > 0} busy={change.isPending} run={() => change.mutate()} onClose={onClose}>
      <RoleFields given={given} set={setGiven} error={undefined} />
      {stale ? <Trouble error={new Error(CHANGED_MEANWHILE)} again={again} /> : <Trouble error={change.error} />}
    </ActForm>
  );
}

/** Whatever the order in which they were chosen. */
function sameRoles(some: string[], others: string[]): boolean {
  return some.length === others.length && some.every((role) => others.includes(role));
}
