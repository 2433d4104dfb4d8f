import { Alert, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changePassword, sessionsKey } from "../../api/account";
import { Refusal } from "../../api/refusal";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { PASSWORD, PASSWORD_DONE, PASSWORD_RULE } from "../../texts/account";

/** Sets another password. */
export function PasswordForm({ email }: { email: string }) {
  const [oldPassword, setOld] = useState("");
  const [newPassword, setNew] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword({ oldPassword, newPassword }),
    onSuccess: () => {
      setOld("");
      setNew("");
      void queries.invalidateQueries({ queryKey: sessionsKey });
    },
  });
  const refused = (name: string) => (change.error instanceof Refusal ? change.error.field(name) : undefined);
  const wrong = { old: refused("oldPassword"), fresh: refused("newPassword") };
  const length = [...newPassword].length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack maw={420} gap="sm">
        <Text size="sm" c="dimmed">
          {PASSWORD}
        </Text>
        {/* for password managers: whose password it is */}
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <PasswordInput label="Old password" autoComplete="current-password" required value={oldPassword} onChange={(event) => setOld(event.currentTarget.value)} error={wrong.old} />
        <PasswordInput
          label="New password"
          description={`${PASSWORD_RULE} ${length} so far.`}
          autoComplete="new-password"
          required
          value={newPassword}
          onChange={(event) => setNew(event.currentTarget.value)}
          error={wrong.fresh}
        />
        {!wrong.old && !wrong.fresh && <Trouble error={change.error} />}
        {change.isSuccess && length === 0 && (
          <Alert color="basin" icon={<IconCheck size={18} aria-hidden />} role="status">
            {PASSWORD_DONE}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={change.isPending} disabled={oldPassword === "" || newPassword === ""}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
