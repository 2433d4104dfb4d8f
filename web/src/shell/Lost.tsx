import { Anchor, Container, Stack, Text, Title } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { POLL } from "../api/live";
import { Unreachable } from "../api/refusal";
import { Trouble } from "../components/Trouble";

/** An address that leads nowhere. */
export function NotThere() {
  return (
    <Container size="xs" py="xl" id="content" component="main">
      <Stack>
        <Title order={1}>There is no such page</Title>
        <Text c="dimmed">It was removed, it is not yours, or the address was cut when it was copied.</Text>
        <Anchor component={Link} to="/projects">
          To your projects
        </Anchor>
      </Stack>
    </Container>
  );
}

/** A page that broke. The navigation still works; what the server could not be asked for comes when it is back. */
export function Lost({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = async () => {
    // the page's code is asked for again, and what it reads
    await router.invalidate();
    reset();
  };
  const tryAgain = useEffectEvent(() => void again());
  const away = error instanceof Unreachable;
  useEffect(() => {
    if (!away) return undefined;
    const timer = setInterval(tryAgain, POLL);
    return () => clearInterval(timer);
  }, [away]);
  return (
    <Container size="sm" py="xl">
      <Trouble title="This page could not be shown" error={error} again={() => void again()} />
    </Container>
  );
}

/** The same, where nothing is left around it. */
export function AllLost(props: ErrorComponentProps) {
  return (
    <main id="content">
      <Lost {...props} />
    </main>
  );
}
