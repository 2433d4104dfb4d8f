import { List, Group, Text } from "@mantine/core";
import type { Imported } from "../../api/transfer";
import { State } from "../../components/State";
import { NOTHING_IN_IT } from "../../texts/transfer";
import { kindWord } from "../versions/words";

/** What an import would do to each resource. */
export function ImportedList({ resources }: { resources: Imported["resources"] }) {
  if (resources.length === 0) return <Text size="sm">{NOTHING_IN_IT}</Text>;
  return (
    <List size="sm" spacing={4} listStyleType="none" aria-label="What the import does" tabIndex={0} style={{ maxHeight: 260, overflow: "auto" }}>
      {resources.map((one, at) => (
        <List.Item key={one.importedId ?? one.resourceDefinitionId ?? at}>
          <Group gap="xs" wrap="nowrap">
            {one.change === "unchanged" ? (
              <Text size="sm" c="dimmed" w={96}>
                As it is
              </Text>
            ) : (
              <State state={one.change} />
            )}
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {one.name}
            </Text>
            <Text size="sm" c="dimmed" style={{ flex: "none" }}>
              {kindWord(one.kind)}
            </Text>
          </Group>
        </List.Item>
      ))}
    </List>
  );
}
