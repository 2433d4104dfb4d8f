import { Group, Kbd, Stack, Text } from "@mantine/core";
import { Dialog } from "../components/Dialog";

/** What a key does, on every page. Pages with keys of their own (the designer) show them themselves. */
const KEYS: [keys: string[], what: string][] = [
  [["Ctrl / ⌘", "K"], "Go to a page, process, data source, commit or id"],
  [["?"], "Show the keys"],
  [["Esc"], "Close a dialog"],
  [["Tab"], "To the next control; Enter or Space uses it"],
];

/** The keys. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title="Keyboard shortcuts">
      <Stack gap="xs">
        {KEYS.map(([keys, what]) => (
          <Group key={what} justify="space-between" wrap="nowrap">
            <Text size="sm">{what}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Dialog>
  );
}
