import { Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import { type Member, changeMember, memberNow } from "../../api/members";
import { Refusal } from "../../api/refusal";
import { levelWord } from "../../api/tenancy";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { CHANGED_MEANWHILE } from "../../texts/members";
import { RoleFields } from "./RoleFields";

interface ChangeProps {
  member: Member;
  /** The name of what the role is given on. */
  place: string;
  onClose: () => void;
  done: () => unknown;
}

/** Gives a member another role, where the old one is given. */
export function ChangeMember({ member, place, onClose, done }: ChangeProps) {
  const read = useQuery(memberNow(member, member.userId));
  return (
    <Dialog opened onClose={onClose} title={`Role of ${member.name}`}>
      <Stack>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <bdi>{member.email}</bdi>, on the {levelWord(member.level)} <bdi>{place}</bdi>
        </Text>
        <Trouble error={read.error} again={() => void read.refetch()} />
        {read.isPending && <Skeleton height={280} />}
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
  const [given, setGiven] = useState({ role: read.value.role, payload: read.value.payload });
  const change = useMutation({ mutationFn: () => changeMember(read.value, read.value.userId, given, read.etag), onSuccess: done });
  const stale = change.error instanceof Refusal && change.error.status === 412;
  const same = given.role === read.value.role && given.payload === read.value.payload;
  return (
    <ActForm act="Change role" ready={!same} busy={change.isPending} run={() => change.mutate()} onClose={onClose}>
      <RoleFields given={given} set={setGiven} error={undefined} />
      {stale ? <Trouble error={new Error(CHANGED_MEANWHILE)} again={again} /> : <Trouble error={change.error} />}
    </ActForm>
  );
}
