import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { linkOwner, redeem } from "../../api/me";
import { Refusal } from "../../api/refusal";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";

/** The fewest characters of a password; the server's word is final. */
const LEAST = 15;

/** A one-time link: whose it is, and the password that it sets. */
export function FirstPassword({ token, done }: { token: string; done: () => void }) {
  const owner = useQuery(linkOwner(token));
  const [password, setPassword] = useState("");
  const set = useMutation({ mutationFn: () => redeem({ token, password }), onSuccess: done });
  if (owner.isPending) return <Loading of={owner} height={160} />;
  if (owner.error) return <Trouble error={owner.error} title="This link does not work" />;
  const length = [...password].length;
  const refused = set.error instanceof Refusal ? set.error.field("password") : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          Welcome, {owner.data.name}. Choose a password for your account; the link works once.
        </Text>
        <TextInput label="E-mail" value={owner.data.email} readOnly autoComplete="username" />
        <PasswordInput
          label="New password"
          description={`At least ${LEAST} characters, of any kind; a sentence is good. ${length} so far.`}
          autoComplete="new-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={refused}
          autoFocus
        />
        {!refused && <Trouble error={set.error} />}
        <Button type="submit" loading={set.isPending} disabled={length < LEAST}>
          Set password and sign in
        </Button>
      </Stack>
    </form>
  );
}
