import { Alert, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** One thing that has to be known, and what can be done about it. */
export function Notice({ text, children }: { text: ReactNode; children?: ReactNode }) {
  return (
    <Alert variant="light" color="blue" p="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{text}</Text>
        {children && <Group gap="xs">{children}</Group>}
      </Group>
    </Alert>
  );
}
