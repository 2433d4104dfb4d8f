import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { copyText } from "./clipboard";

/**
 * Copies a text (or what is made of it when it is asked for); says so where the eye is. `label` names what is copied,
 * for those who cannot see it.
 */
export function Copy({ text, label, button = false }: { text: string | (() => string); label: string; button?: boolean }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    setDone(await copyText(typeof text === "string" ? text : text()));
    setTimeout(() => setDone(false), 2000);
  };
  const icon = done ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  if (button) {
    return (
      <Button variant={done ? "light" : "filled"} leftSection={icon} onClick={copy} aria-live="polite">
        {done ? "Copied" : "Copy"}
      </Button>
    );
  }
  return (
    <Tooltip label={done ? "Copied" : label}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={done ? "Copied" : label} onClick={copy}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
