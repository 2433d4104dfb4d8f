import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Instance } from "../../api/instances";
import { Id } from "../../components/Id";
import { NameLink } from "../../components/NameLink";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { duration } from "../../components/time";
import { When } from "../../components/When";

/** The columns of Process Instances. */
export function columns(projectId: string): Column<Instance>[] {
  return [
    {
      head: "Process",
      cell: (instance) => (
        <>
          <NameLink to={`/projects/${projectId}/instances/${instance.id}`}>{instance.processName ?? instance.processDefinitionId}</NameLink>
          {instance.attempt > 1 && (
            <Text span size="xs" c="dimmed">
              {` attempt ${instance.attempt}`}
            </Text>
          )}
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            <When at={instance.createdAt} />
          </Text>
        </>
      ),
    },
    { head: "State", width: "130px", cell: (instance) => <State state={instance.status} /> },
    { head: "Started", width: "150px", from: "sm", cell: (instance) => <When at={instance.createdAt} /> },
    { head: "Took", width: "110px", number: true, from: "md", cell: (instance) => (instance.endedAt ? duration(instance.createdAt, instance.endedAt) : "–") },
    { head: "Id", width: "210px", from: "lg", cell: (instance) => <Id value={instance.id} what="instance id" /> },
    {
      head: "Event",
      width: "150px",
      from: "md",
      cell: (instance) =>
        instance.eventId ? (
          <Anchor component={Link} to={`/projects/${projectId}/events/${encodeURIComponent(instance.eventId)}`} size="sm" ff="monospace" fz={12.5} title={instance.eventId}>
            …{instance.eventId.slice(-8)}
          </Anchor>
        ) : (
          "–"
        ),
    },
  ];
}
