import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { onOvercome } from "../api/hindrance";
import { isOver, Refusal, said } from "../api/refusal";

/** What went wrong, in the server's words, with a way on; nothing once the connection or the session is back that it lacked. */
export function Trouble({ error, again, title }: { error: unknown; again?: () => void; title?: string }) {
  const over = useSyncExternalStore(onOvercome, () => isOver(error));
  if (!error || over) return null;
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
