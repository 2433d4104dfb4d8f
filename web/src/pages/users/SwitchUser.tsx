import { useMutation } from "@tanstack/react-query";
import { type User, changeUser, userNow } from "../../api/users";
import { Confirm } from "../../components/Confirm";
import { DISABLE, ENABLE } from "../../texts/users";

/** Asks before a user is disabled, or enabled again. */
export function SwitchUser({ user, onClose, done }: { user: User; onClose: () => void; done: () => unknown }) {
  const disabled = !user.disabled;
  const change = useMutation({
    mutationFn: async () => {
      const { etag } = await userNow(user.id);
      return changeUser(user.id, { disabled }, etag);
    },
    onSuccess: done,
  });
  return (
    <Confirm opened onClose={onClose} title={`${disabled ? "Disable" : "Enable"} ${user.name}?`} act={disabled ? "Disable" : "Enable"} busy={change.isPending} error={change.error} onConfirm={() => change.mutate()}>
      <b>
        <bdi>{user.email}</bdi>
      </b>
      : {disabled ? DISABLE : ENABLE}
    </Confirm>
  );
}
