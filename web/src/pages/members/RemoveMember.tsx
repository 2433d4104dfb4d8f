import { useMutation, useQuery } from "@tanstack/react-query";
import { type Member, memberNow, removeMember } from "../../api/members";
import { Confirm } from "../../components/Confirm";
import { roleWords } from "../../texts/rights";
import { removing } from "../../texts/members";

/** Asks before all of a member's roles are taken away. */
export function RemoveMember({ member, onClose, done }: { member: Member; onClose: () => void; done: () => unknown }) {
  const read = useQuery(memberNow(member, member.userId));
  const remove = useMutation({
    mutationFn: (etag: string) => removeMember(member, member.userId, etag),
    onSuccess: done,
    // changed meanwhile: what is read now is what is asked about next
    onError: () => void read.refetch(),
  });
  return (
    <Confirm opened onClose={onClose} title={`Remove ${member.name}?`} act="Remove" busy={remove.isPending || read.isPending} error={read.error ?? remove.error} onConfirm={() => read.data && remove.mutate(read.data.etag)}>
      <b>
        <bdi>{member.email}</bdi>
      </b>{" "}
      is {roleWords(read.data?.value.roles ?? member.roles)} here. {removing(member.level)}
    </Confirm>
  );
}
