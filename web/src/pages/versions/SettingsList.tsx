import { Table, Text } from "@mantine/core";
import type { CommittedContent } from "../../api/versions";

/** The settings of a data source, to read. */
export function SettingsList({ content }: { content: CommittedContent }) {
  const settings = content.settings;
  const rows: [string, string | undefined][] = [
    ["Name", content.name],
    ["Description", settings?.description],
    ["Redacted headers", settings?.redactedHeaders.join(", ")],
    ["Idempotency key", settings?.idempotencyKey ?? undefined],
  ];
  return (
    <Table aria-label="Settings" layout="fixed" verticalSpacing={6} withRowBorders={false}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w={150} style={{ verticalAlign: "top" }}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
              {value || (
                <Text span c="dimmed">
                  none
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
