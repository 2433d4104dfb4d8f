import { Group, Kbd, SimpleGrid, Stack, Text } from "@mantine/core";
import { Dialog } from "../components/Dialog";

const KEYS: [group: string, keys: [keys: string[], what: string][]][] = [
  [
    "Draw",
    [
      [["A"], "Append to the selected element, or add one"],
      [["N"], "Add an element in the middle"],
      [["C"], "Connect the selected element to another"],
      [["E"], "Rename the selected element"],
      [["R"], "Change the selected element into another"],
      [["Del"], "Remove what is selected"],
      [["↑ ↓ ← →"], "Move what is selected; with Shift in larger steps"],
    ],
  ],
  [
    "Select and look",
    [
      [["J"], "Next element"],
      [["K"], "Element before"],
      [["Ctrl / ⌘", "A"], "Select everything"],
      [["Ctrl / ⌘", "F"], "Find an element"],
      [["Ctrl / ⌘", "+"], "Zoom in"],
      [["Ctrl / ⌘", "−"], "Zoom out"],
      [["Ctrl / ⌘", "0"], "Natural size"],
      [["Ctrl / ⌘", "↑ ↓ ← →"], "Move the view"],
    ],
  ],
  [
    "Tools",
    [
      [["H"], "Move the view with the mouse"],
      [["L"], "Select several with the mouse"],
      [["S"], "Make or take room"],
      [["C"], "With nothing selected: connect with the mouse"],
    ],
  ],
  [
    "Whole",
    [
      [["F6"], "To the properties of what is selected, and back to the diagram"],
      [["Ctrl / ⌘", "S"], "Save"],
      [["Ctrl / ⌘", "Z"], "Undo"],
      [["Ctrl / ⌘", "Y"], "Redo"],
      [["Ctrl / ⌘", "C"], "Copy"],
      [["Ctrl / ⌘", "V"], "Paste"],
      [["?"], "Show these keys"],
    ],
  ],
];

/** The designer's keys. Those of drawing need the focus on the diagram. */
export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Keys of the designer" size="xl">
      <Text size="sm" c="dimmed" mb="md">
        Keys for drawing work while the diagram has the focus: click on it, or press Tab until it is framed.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        {KEYS.map(([group, keys]) => (
          <Stack key={group} gap={6} component="section" aria-label={group}>
            <Text fw={600}>{group}</Text>
            {keys.map(([names, what]) => (
              <Group key={what} justify="space-between" wrap="nowrap" gap="sm">
                <Text size="sm">{what}</Text>
                <Group gap={4} wrap="nowrap">
                  {names.map((name) => (
                    <Kbd key={name} style={{ whiteSpace: "nowrap" }}>
                      {name}
                    </Kbd>
                  ))}
                </Group>
              </Group>
            ))}
          </Stack>
        ))}
      </SimpleGrid>
    </Dialog>
  );
}
