import { ActionIcon, Button, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { copyText } from "./clipboard";
import { late } from "./Late";
import { Tooltip } from "./Tooltip";

const ByHand = late(async () => (await import("./CopyByHand")).CopyByHand);

/** How long "Copied" stands there. */
const SAID = 2_000;

/**
 * Copies a text (or what is made of it when it is asked for); says so where the eye is. Where the browser lets no page
 * copy, the text stands there selected. `label` names what is copied, for those who cannot see it.
 */
export function Copy({ text, label, button = false }: { text: string | (() => string); label: string; button?: boolean }) {
  const [done, setDone] = useState(false);
  const [byHand, setByHand] = useState<string>();
  const copy = async () => {
    const whole = typeof text === "string" ? text : text();
    if (!(await copyText(whole))) return setByHand(whole);
    setDone(true);
    setTimeout(() => setDone(false), SAID);
  };
  const icon = done ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  return (
    <span style={{ display: "inline-flex", position: "relative" }}>
      {button ? (
        <Button variant={done ? "light" : "filled"} leftSection={icon} onClick={() => void copy()} aria-live="polite">
          {done ? "Copied" : "Copy"}
        </Button>
      ) : (
        <>
          <Tooltip label={done ? "Copied" : label}>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={() => void copy()}>
              {icon}
            </ActionIcon>
          </Tooltip>
          <VisuallyHidden role="status">{done ? "Copied" : ""}</VisuallyHidden>
        </>
      )}
      {byHand !== undefined && <ByHand text={byHand} label={label} onClose={() => setByHand(undefined)} />}
    </span>
  );
}
