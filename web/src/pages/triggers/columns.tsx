import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Trigger } from "../../api/triggers";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { Activity } from "./Activity";

/** When a request with the right key came last. */
function lastEvent(trigger: Trigger): string | null {
  const used = trigger.keys.flatMap((key) => (key.lastUsedAt ? [key.lastUsedAt] : []));
  return used.toSorted().at(-1) ?? null;
}

/** The columns of Manage Triggers. `commit`: the pinned commit's number, where one is pinned. */
export function columns(place: Place, commit: number | undefined): Column<Trigger>[] {
  return [
    { head: "State", width: "130px", cell: (trigger) => <State state={trigger.state} /> },
    { head: "Trigger Type", width: "110px", from: "md", cell: (trigger) => trigger.type },
    {
      head: "Event Name",
      cell: (trigger) => (
        <Anchor
          component={Link}
          to={`/projects/${place.projectId}/branches/${encodeURIComponent(trigger.location.branch)}/data-sources/${trigger.dataSourceId}`}
          fw={500}
          size="sm"
          title={trigger.name}
        >
          {trigger.name}
        </Anchor>
      ),
    },
    {
      head: "Location",
      from: "md",
      cell: (trigger) => (
        <>
          {trigger.location.project}{" "}
          <Text span c="dimmed" size="sm">
            / {trigger.location.branch}
            {commit !== undefined && ` #${commit}`}
          </Text>
        </>
      ),
    },
    { head: "Last event", width: "140px", from: "sm", cell: (trigger) => <When at={lastEvent(trigger)} /> },
    { head: "Last 24 hours", width: "240px", from: "sm", cell: (trigger) => <Activity trigger={trigger} projectId={place.projectId} /> },
  ];
}
