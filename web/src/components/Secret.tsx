import { Group, Stack, Text } from "@mantine/core";
import { useId } from "react";
import { Copy } from "./Copy";
import classes from "./Secret.module.css";

/** A text that is shown once: whole, to select and to copy. */
export function Secret({ label, text }: { label: string; text: string }) {
  const id = useId();
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} id={id}>
        {label}
      </Text>
      <div className={classes["text"]} tabIndex={0} role="textbox" aria-readonly="true" aria-labelledby={id}>
        {text}
      </div>
      <Group>
        <Copy text={text} label={`Copy ${label}`} button />
      </Group>
    </Stack>
  );
}
