import { ActionIcon, Button, Popover, Text, Textarea, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { COPY_BY_HAND } from "../texts/copy";
import { copyText } from "./clipboard";

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
    <ByHand text={byHand} label={label} close={() => setByHand(undefined)}>
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
    </ByHand>
  );
}

/** The text, selected, for the person to copy: what is left where the browser lets no page do it. */
function ByHand({ text, label, close, children }: { text: string | undefined; label: string; close: () => void; children: ReactNode }) {
  return (
    <Popover opened={text !== undefined} onChange={(opened) => !opened && close()} width={320} position="bottom-start" withArrow shadow="md" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <span style={{ display: "inline-flex", position: "relative" }}>{children}</span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
        {text !== undefined && <Selected text={text} label={label} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Selected({ text, label }: { text: string; label: string }) {
  const place = useRef<HTMLTextAreaElement>(null);
  useEffect(() => place.current?.select(), []);
  return (
    <>
      <Text size="sm" mb="xs" role="alert">
        {COPY_BY_HAND}
      </Text>
      {/* Escape closes this, not the dialog below it */}
      <Textarea ref={place} aria-label={label} value={text} readOnly autosize minRows={2} maxRows={6} data-autofocus data-mantine-stop-propagation="true" onFocus={(event) => event.currentTarget.select()} />
    </>
  );
}
