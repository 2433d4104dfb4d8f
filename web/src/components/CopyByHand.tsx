import { Popover, Text, Textarea } from "@mantine/core";
import { useEffect, useRef } from "react";
import { COPY_BY_HAND } from "../texts/copy";

/** The text, selected, for the person to copy: what is left where the browser lets no page do it. */
export function CopyByHand({ text, label, onClose }: { text: string; label: string; onClose: () => void }) {
  const place = useRef<HTMLTextAreaElement>(null);
  useEffect(() => place.current?.select(), []);
  return (
    <Popover opened onChange={(opened) => !opened && onClose()} width={320} position="bottom-start" withArrow shadow="md" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <span style={{ position: "absolute", inset: 0, pointerEvents: "none" }} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
        <Text size="sm" mb="xs" role="alert">
          {COPY_BY_HAND}
        </Text>
        {/* Escape closes this, not the dialog below it */}
        <Textarea ref={place} aria-label={label} value={text} readOnly autosize minRows={2} maxRows={6} data-autofocus data-mantine-stop-propagation="true" onFocus={(event) => event.currentTarget.select()} />
      </Popover.Dropdown>
    </Popover>
  );
}
