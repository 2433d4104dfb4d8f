import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Refusal, said } from "../api/refusal";

/** What went wrong, in the server's words, with a way on. */
export function Trouble({ error, again, title }: { error: unknown; again?: () => void; title?: string }) {
  if (!error) return null;
  const id = error instanceof Refusal && error.status >= 500 ? error.requestId : "";
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} role="alert" {...(title ? { title } : {})}>
      <Text size="sm">{said(error)}</Text>
      {id && (
        <Text size="xs" c="dimmed" mt={4}>
          Request {id}
        </Text>
      )}
      {again && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={again}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
