import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { NewlyMade } from "../../api/account";
import { Dialog } from "../../components/Dialog";
import { Secret } from "../../components/Secret";
import { SECRET_ONCE, SECRET_USE } from "../../texts/account";

/** The text of a new token. A click beside the dialog does not lose it. */
export function MadeToken({ made, onClose }: { made: NewlyMade; onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title="Your new token" size="lg" closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {SECRET_ONCE}
        </Alert>
        <Secret label={made.token.name} text={made.secret} />
        <Text size="sm">
          {SECRET_USE} <Code>Authorization: Bearer …</Code>
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
