import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { signIn } from "../api/me";
import { Trouble } from "../components/Trouble";

/** E-mail and password. */
export function SignInForm({ email: known, done }: { email: string; done: () => void }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const attempt = useMutation({ mutationFn: signIn, onSuccess: done });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate({ email, password });
      }}
    >
      <Stack>
        <TextInput label="E-mail" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus={known === ""} autoFocus={known === ""} />
        <PasswordInput label="Password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} data-autofocus={known !== ""} />
        <Trouble error={attempt.error} />
        <Button type="submit" loading={attempt.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
