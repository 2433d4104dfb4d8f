import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";

/** The form of a short act in a dialog: its fields and what went wrong, then Cancel and the act itself. Enter does it. */
export function ActForm(props: { act: string; ready: boolean; busy: boolean; run: () => void; onClose: () => void; children: ReactNode }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.run();
      }}
    >
      <Stack>
        {props.children}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={props.busy} disabled={!props.ready}>
            {props.act}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
