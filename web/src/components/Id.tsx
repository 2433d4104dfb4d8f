import { Code, Group } from "@mantine/core";
import { Copy } from "./Copy";

/** An id in mono, its beginning and end where it is long, with a way to copy it whole. */
export function Id({ value, whole = false, what = "id" }: { value: string; whole?: boolean; what?: string }) {
  const shown = whole || value.length <= 20 ? value : `${value.slice(0, 8)}…${value.slice(-6)}`;
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Code title={value} style={{ overflowWrap: "anywhere" }}>
        {shown}
      </Code>
      <Copy text={value} label={`Copy ${what}`} />
    </Group>
  );
}
