import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { HEADERS_DEFAULT, HEADERS_RULE } from "../../texts/dataSources";

interface HeaderListProps {
  /** `null`: the default list. */
  names: string[] | null;
  onChange: (names: string[] | null) => void;
  field: (name: string) => string | undefined;
}

/** The API takes so many. */
const MOST = 50;

/** A list of header names: each line is one. */
export function HeaderList({ names, onChange, field }: HeaderListProps) {
  const lines = names ?? [];
  const put = (at: number, name: string) => onChange(lines.map((one, other) => (other === at ? name : one)));
  return (
    <Stack gap={6} component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <Input.Label component="legend" p={0}>Redacted headers</Input.Label>
      <Text size="xs" c="dimmed">
        {HEADERS_RULE}
      </Text>
      {names === null && <Text size="sm">{HEADERS_DEFAULT}</Text>}
      {names?.length === 0 && <Text size="sm">None: every header is stored as it came.</Text>}
      {lines.map((name, at) => (
        // a line has no name of its own: it is what stands in it
        <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            size="sm"
            aria-label={`Header ${at + 1}`}
            value={name}
            onChange={(event) => put(at, event.currentTarget.value)}
            error={field(`redactedHeaders/${at}`)}
            placeholder="X-Secret"
            autoComplete="off"
            spellCheck={false}
            data-autofocus={name === "" || undefined}
          />
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Remove ${name || `header ${at + 1}`}`} onClick={() => onChange(lines.filter((_, other) => other !== at))}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group gap="xs">
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} disabled={lines.length >= MOST} onClick={() => onChange([...lines, ""])}>
          Add a header
        </Button>
        <Button size="xs" variant="subtle" disabled={names === null} onClick={() => onChange(null)}>
          Use the default list
        </Button>
      </Group>
      {field("redactedHeaders") && !lines.some((_, at) => field(`redactedHeaders/${at}`)) && <Input.Error>{field("redactedHeaders")}</Input.Error>}
    </Stack>
  );
}
