import { Group, Text } from "@mantine/core";
import type { RunningServer } from "../../api/servers";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";
import { GONE } from "../../texts/servers";
import { ranges } from "./words";

/** How a server is, in a word. */
function state({ live, current }: RunningServer): string {
  if (!live) return "gone";
  return current === false ? "behind" : "running";
}

/** The columns of Servers. */
export const COLUMNS: Column<RunningServer>[] = [
  {
    head: "Server",
    cell: (server) => (
      <>
        <Text size="sm" fw={500} truncate title={server.address} maw={{ base: "60vw", sm: 340 }}>
          <bdi>{server.host}</bdi>
        </Text>
        <Text size="xs" c="dimmed" truncate maw={{ base: "60vw", sm: 340 }}>
          <bdi>{server.address}</bdi>
        </Text>
      </>
    ),
  },
  { head: "Roles", width: "190px", from: "sm", cell: (server) => <Text size="sm">{server.roles.join(", ")}</Text> },
  {
    head: "State",
    width: "150px",
    cell: (server) => (
      <Group gap={4} title={server.live ? undefined : GONE}>
        <State state={state(server)} />
      </Group>
    ),
  },
  { head: "Partitions", width: "130px", from: "md", cell: (server) => <Text size="sm">{ranges(server.partitions) || "–"}</Text> },
  { head: "Starts a second", width: "120px", from: "lg", number: true, cell: (server) => (server.roles.includes("runner") ? server.startedPerSecond.toLocaleString("en") : "–") },
  { head: "Version", width: "90px", from: "lg", cell: (server) => <Text size="sm">{server.version}</Text> },
  { head: "Running since", width: "140px", from: "md", cell: (server) => <When at={server.startedAt} /> },
  { head: "Heard of", width: "130px", from: "lg", cell: (server) => <When at={server.seenAt} /> },
];
