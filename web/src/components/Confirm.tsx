import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { Dialog } from "./Dialog";
import { Trouble } from "./Trouble";

/** Asks before a destructive act. `typed`: what has to be typed first, for what cannot be undone. */
export function Confirm(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  act: string;
  /** What the other button says. */
  keep?: string;
  typed?: string;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  children: ReactNode;
}) {
  const [text, setText] = useState("");
  useEffect(() => setText(""), [props.opened]);
  const ready = props.typed === undefined || text.trim() === props.typed;
  const confirm = () => ready && !props.busy && props.onConfirm();
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {props.children}
          </Text>
          {props.typed !== undefined && (
            <TextInput
              label={
                <>
                  Type <b>{props.typed}</b> to go on
                </>
              }
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
              autoComplete="off"
            />
          )}
          <Trouble error={props.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={props.onClose}>
              {props.keep ?? "Keep it"}
            </Button>
            <Button type="submit" color="red.9" disabled={!ready} loading={props.busy ?? false}>
              {props.act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
