import { Text } from "@mantine/core";
import type { Trigger } from "../../api/triggers";
import { NameLink } from "../../components/NameLink";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { STILL_SENT } from "../../texts/triggers";
import { Activity, Count } from "./Activity";

/** The columns of Manage Triggers. `commit`: the pinned commit's number, where one is pinned. */
export function columns(place: Place, commit: number | undefined): Column<Trigger>[] {
  return [
    { head: "State", width: "136px", cell: (trigger) => <Standing trigger={trigger} /> },
    { head: "Trigger Type", width: "104px", from: "md", cell: (trigger) => trigger.type },
    {
      head: "Event Name",
      cell: (trigger) => (
        <NameLink to={`/projects/${place.projectId}/branches/${encodeURIComponent(trigger.location.branch)}/data-sources/${trigger.dataSourceId}`}>{trigger.name}</NameLink>
      ),
    },
    {
      head: "Location",
      width: "200px",
      from: "md",
      cell: (trigger) => (
        <Text size="sm" truncate maw={190} title={`${trigger.location.project} / ${trigger.location.branch}`}>
          {trigger.location.project}{" "}
          <Text span c="dimmed" size="sm">
            / {trigger.location.branch}
            {commit !== undefined && ` #${commit}`}
          </Text>
        </Text>
      ),
    },
    { head: "Last event", width: "134px", from: "lg", cell: (trigger) => <When at={trigger.lastEventAt} /> },
    { head: "Last 24 hours", width: "118px", from: "sm", cell: (trigger) => <Activity trigger={trigger} /> },
    { head: "Accepted", width: "84px", number: true, from: "xl", cell: (trigger) => <Count trigger={trigger} of="accepted" projectId={place.projectId} /> },
    { head: "Failed", width: "72px", number: true, from: "xl", cell: (trigger) => <Count trigger={trigger} of="failed" projectId={place.projectId} /> },
    { head: "Refused", width: "78px", number: true, from: "xl", cell: (trigger) => <Count trigger={trigger} of="refused" projectId={place.projectId} /> },
  ];
}

/** Its state; of one that is deactivated, whether somebody goes on sending. */
function Standing({ trigger }: { trigger: Trigger }) {
  const since = trigger.state === "Active" ? 0 : trigger.refusedSinceDeactivated;
  return (
    <>
      <State state={trigger.state} />
      {since > 0 && (
        <Text size="xs" c="dimmed" title={STILL_SENT}>
          {since === 1 ? "1 request" : `${since.toLocaleString("en")} requests`} since
        </Text>
      )}
    </>
  );
}
