import { Alert, Button, Group, Table, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import type { Tagged } from "../../api/client";
import type { DataSource } from "../../api/dataSources";
import { CHANGED_MEANWHILE } from "../../texts/dataSources";
import { clashes, type Draft } from "./settings";

interface ClashingProps {
  read: DataSource;
  theirs: Tagged<DataSource>;
  draft: Draft;
  busy: boolean;
  keepMine: (etag: string) => void;
  takeTheirs: (theirs: Tagged<DataSource>) => void;
}

/** Two people changed one data source: what each wrote, and the choice. */
export function Clashing({ read, theirs, draft, busy, keepMine, takeTheirs }: ClashingProps) {
  const found = clashes(read, theirs.value, draft);
  return (
    <Alert variant="default" icon={<IconUsers size={18} aria-hidden />} title="Changed by somebody else" role="alert">
      <Text size="sm">{CHANGED_MEANWHILE}</Text>
      {found.length > 0 && (
        <Table my="sm" aria-label="What differs" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={130}>Setting</Table.Th>
              <Table.Th>On this page</Table.Th>
              <Table.Th>Saved by them</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((clash) => (
              <Table.Tr key={clash.field}>
                <Table.Td>{clash.field}</Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{clash.mine}</Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{clash.theirs}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group gap="sm" mt="xs">
        <Button size="xs" loading={busy} onClick={() => keepMine(theirs.etag)}>
          Save what I changed
        </Button>
        <Button size="xs" variant="default" onClick={() => takeTheirs(theirs)}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}
