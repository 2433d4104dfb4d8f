import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { EventSummary } from "../../api/events";
import { Id } from "../../components/Id";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";

/** The columns of Events. `names`: of data sources by id. */
export function columns(projectId: string, names: Map<string, string>): Column<EventSummary>[] {
  return [
    {
      head: "Time",
      width: "150px",
      cell: (event) => (
        <>
          <Anchor component={Link} to={`/projects/${projectId}/events/${encodeURIComponent(event.id)}`} fw={500} size="sm">
            <When at={event.time} linked />
          </Anchor>
          <Text size="xs" c="dimmed" hiddenFrom="sm" style={{ overflowWrap: "anywhere" }}>
            {names.get(event.dataSourceId) ?? event.dataSourceId}
          </Text>
        </>
      ),
    },
    {
      head: "Webhook",
      from: "sm",
      cell: (event) => (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {names.get(event.dataSourceId) ?? event.dataSourceId}
        </Text>
      ),
    },
    { head: "What became of it", width: "170px", cell: (event) => <State state={event.state} /> },
    { head: "Instances", width: "100px", number: true, from: "sm", cell: (event) => event.started },
    { head: "Failed", width: "90px", number: true, from: "sm", cell: (event) => event.failed },
    { head: "Event id", width: "210px", from: "md", cell: (event) => <Id value={event.id} what="event id" /> },
  ];
}
