import { Table } from "@mantine/core";
import { Sideways } from "./Sideways";

/** Headers. Names and values are a stranger's: they stay text, in their own direction. */
export function HeaderTable({ headers, label }: { headers: [name: string, value: string][]; label: string }) {
  return (
    <Sideways width={320}>
      <Table aria-label={label} verticalSpacing={4} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="32%">Name</Table.Th>
            <Table.Th>Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {headers.map(([name, value], at) => (
            <Table.Tr key={at}>
              <Table.Td style={{ overflowWrap: "anywhere", verticalAlign: "top", fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 }}>
                <bdi>{name}</bdi>
              </Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere", fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 }}>
                <bdi>{value}</bdi>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Sideways>
  );
}
