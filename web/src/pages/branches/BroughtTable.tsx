import { Button, SegmentedControl, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import type { Brought } from "../../api/branches";
import { Dialog } from "../../components/Dialog";
import type { Place } from "../../shell/place";
import { kindWord } from "../versions/words";
import { Both } from "./Both";
import { type Choices, choosable, conflict, STATUS_WORDS } from "./status";
import { Sideways } from "../../components/Sideways";

interface BroughtTableProps {
  place: Place;
  commitId: string;
  rows: Brought[];
  choices: Choices;
  choose: (id: string, take: "mine" | "theirs") => void;
}

/** Each resource of both sides, with the choice of whose version is to stand. */
export function BroughtTable({ place, commitId, rows, choices, choose }: BroughtTableProps) {
  const [shown, setShown] = useState<Brought>();
  return (
    <Sideways width={620}>
      <Table aria-label="Resources of both sides" withTableBorder verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th w={150}>Take</Table.Th>
            <Table.Th>How it stands</Table.Th>
            <Table.Th>
              <VisuallyHidden>Difference</VisuallyHidden>
            </Table.Th>
            <Table.Th>Kind</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.resourceDefinitionId}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{row.name}</Table.Td>
              <Table.Td>{choosable(row) && <Take row={row} value={choices.get(row.resourceDefinitionId)} choose={choose} />}</Table.Td>
              <Table.Td>
                <Text size="sm" fw={conflict(row) ? 600 : 400}>
                  {conflict(row) && <IconAlertTriangle size={14} aria-hidden style={{ verticalAlign: "-2px", marginRight: 4 }} />}
                  {STATUS_WORDS[row.status]}
                  {row.nameTakenBy && ". Another one here has its name: rename it, or bring it too"}
                </Text>
              </Table.Td>
              <Table.Td>
                {row.mine && row.theirs && row.status !== "same" && (
                  <Button size="compact-xs" variant="default" onClick={() => setShown(row)} aria-label={`Difference of ${row.name}`}>
                    Difference
                  </Button>
                )}
              </Table.Td>
              <Table.Td>{kindWord(row.kind)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Dialog opened={shown !== undefined} onClose={() => setShown(undefined)} title={shown ? `${shown.name}: here, and there` : ""} size={1000}>
        {shown?.mine && shown.theirs && <Both place={place} commitId={commitId} of={shown} versions={{ before: shown.mine, now: shown.theirs }} />}
      </Dialog>
    </Sideways>
  );
}

function Take({ row, value, choose }: { row: Brought; value: "mine" | "theirs" | undefined; choose: BroughtTableProps["choose"] }) {
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={`Whose ${row.name}`}
      value={value ?? ""}
      onChange={(take) => choose(row.resourceDefinitionId, take === "theirs" ? "theirs" : "mine")}
      data={[
        { value: "mine", label: "Mine" },
        { value: "theirs", label: "Theirs" },
      ]}
    />
  );
}
