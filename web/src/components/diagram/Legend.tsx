import { Group, Text } from "@mantine/core";
import { MARKS, type Mark, type MarkKind } from "./marks";

/** What the signs and colours in a diagram mean; only those that it has. */
export function Legend({ marks }: { marks: Mark[] }) {
  const kinds = (Object.keys(MARKS) as MarkKind[]).filter((kind) => marks.some((mark) => mark.kind === kind));
  return (
    <Group gap="md" mt={6} className="forebay-diagram-legend">
      {kinds.map((kind) => (
        <Group key={kind} gap={6} wrap="nowrap">
          <span className={`mark-badge mark-badge-${kind}`} aria-hidden>
            {MARKS[kind].sign || "→"}
          </span>
          <Text size="xs" c="dimmed">
            {MARKS[kind].word}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
