import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { Copy } from "../Copy";
import { JsonTree } from "./JsonTree";
import { NotJson, type Node, parse } from "./tree";
import classes from "./Json.module.css";

/** What a JSON view is drawn of. */
export interface JsonProps {
  /** The JSON text as the API gave it. */
  text: string;
  /** What it is, for those who cannot see it: "Payload". */
  label: string;
  /** The height that it grows to, in pixels. */
  height?: number;
}

/** JSON as a tree to look through, or as the text that it is. Nothing of it is changed: long numbers, keys twice. */
export function Json({ text, label, height = 420 }: JsonProps) {
  const root = useMemo(() => read(text), [text]);
  const [shown, setShown] = useState("tree");
  const tree = root !== undefined && shown === "tree";
  return (
    <div className={classes["frame"]} role="group" aria-label={label}>
      <Group className={classes["bar"] ?? ""} justify="space-between" gap="xs">
        {root ? (
          <SegmentedControl
            size="xs"
            aria-label={`${label}: how it is shown`}
            value={shown}
            onChange={setShown}
            data={[
              { value: "tree", label: "Tree" },
              { value: "raw", label: "Raw text" },
            ]}
          />
        ) : (
          <Text size="xs" c="dimmed">
            This is no JSON; it is shown as it is.
          </Text>
        )}
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {bytes(text)}
          </Text>
          <Copy text={text} label={`Copy all of ${label.toLowerCase()}`} />
        </Group>
      </Group>
      {tree ? <JsonTree key={text} root={root} label={label} height={height} /> : <Raw text={text} label={label} height={height} />}
    </div>
  );
}

/** The text in a box that selects and scrolls by the browser's own means, a megabyte as well. */
function Raw({ text, label, height }: JsonProps & { height: number }) {
  const rows = Math.min(text.split("\n", 30).length + Math.floor(Math.min(text.length, 3000) / 100), 30);
  return (
    <textarea
      className={classes["raw"]}
      aria-label={`${label} as text`}
      readOnly
      spellCheck={false}
      value={text}
      rows={rows}
      style={{ maxHeight: height }}
    />
  );
}

/** JSON that is long and seldom looked at: shown when asked for. */
export function JsonOnDemand({ text, label, height }: JsonProps) {
  const [opened, setOpened] = useState(false);
  if (opened) return <Json text={text} label={label} {...(height ? { height } : {})} />;
  return (
    <Button size="xs" variant="default" onClick={() => setOpened(true)}>
      Show {label.toLowerCase()}
    </Button>
  );
}

function read(text: string): Node | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

function bytes(text: string): string {
  const count = new Blob([text]).size;
  if (count < 1024) return `${count} bytes`;
  return count < 1_048_576 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 1_048_576).toFixed(2)} MiB`;
}
