import { Table } from "@mantine/core";
import { Values } from "./Values";

/** A value that differs. */
export interface FieldRow {
  key: string;
  name: string;
  old: string | null;
  now: string | null;
}

/** Values that differ, the old above the new. */
export function FieldTable({ label, rows }: { label: string; rows: FieldRow[] }) {
  return (
    <Table aria-label={label} withTableBorder layout="fixed" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="30%">What</Table.Th>
          <Table.Th>Old and new</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.key}>
            <Table.Td style={{ overflowWrap: "anywhere", verticalAlign: "top" }}>{row.name}</Table.Td>
            <Table.Td>
              <Values old={row.old} now={row.now} label={`${row.name}, old and new`} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
