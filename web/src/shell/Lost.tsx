import { Anchor, Container, Stack, Text, Title } from "@mantine/core";
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Trouble } from "../components/Trouble";

/** An address that leads nowhere. */
export function NotThere() {
  return (
    <Container size="xs" py="xl" id="content">
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

/** A page that broke. The navigation still works. */
export function Lost({ error, reset }: ErrorComponentProps) {
  return (
    <Container size="sm" py="xl" id="content">
      <Trouble title="This page could not be shown" error={error} again={reset} />
    </Container>
  );
}
