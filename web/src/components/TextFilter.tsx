import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";

/** How long after the last key the list is asked for. */
const PAUSE = 300;

/** A filter that is typed. The list is read when the typing pauses. */
export function TextFilter({ label, value, set, width = 180 }: { label: string; value: string; set: (value: string) => void; width?: number }) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // changed elsewhere; what is being typed is not overwritten by its own beginning
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  const send = useEffectEvent(() => {
    sent.current = text.trim();
    set(sent.current);
  });
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(send, PAUSE);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      w={width}
    />
  );
}
