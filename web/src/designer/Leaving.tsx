import { Button, Group, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { Dialog } from "../components/Dialog";

/** Asks before the page is left with something that is not saved. */
export function Leaving({ dirty, save, drop, name }: { dirty: boolean; save: () => Promise<boolean>; drop: () => void; name: string }) {
  const left = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  const stay = () => left.reset?.();
  const dropAndGo = () => {
    drop();
    left.proceed?.();
  };
  const saveAndGo = async () => {
    if (await save()) left.proceed?.();
    else stay();
  };
  return (
    <Dialog opened={left.status === "blocked"} onClose={stay} title="Leave without saving?">
      <Text size="sm" mb="md" style={{ overflowWrap: "anywhere" }}>
        What you changed of {name} is not saved yet.
      </Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={stay}>
          Stay
        </Button>
        <Button variant="default" color="red" onClick={dropAndGo}>
          Leave without saving
        </Button>
        <Button onClick={() => void saveAndGo()} data-autofocus>
          Save and leave
        </Button>
      </Group>
    </Dialog>
  );
}
