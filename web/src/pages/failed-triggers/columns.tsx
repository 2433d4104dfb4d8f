import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { FailedTrigger } from "../../api/failedTriggers";
import type { Column } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";
import { Stage } from "./Stage";

/** The columns of Failed Triggers. */
export function columns(projectId: string): Column<FailedTrigger>[] {
  return [
    {
      head: "Time",
      width: "140px",
      cell: (failed) => (
        <>
          <Anchor component={Link} to={`/projects/${projectId}/failed-triggers/${failed.id}`} fw={500} size="sm">
            <When at={failed.eventTime} linked />
          </Anchor>
          <Text size="xs" c="dimmed" hiddenFrom="sm" style={{ overflowWrap: "anywhere" }}>
            {failed.dataSourceName ?? failed.dataSourceId}
          </Text>
        </>
      ),
    },
    { head: "Webhook", from: "sm", cell: (failed) => <Broken text={failed.dataSourceName ?? failed.dataSourceId} /> },
    { head: "Process", from: "md", cell: (failed) => <Broken text={failed.processName ?? "–"} /> },
    { head: "Stage", width: "90px", from: "md", cell: (failed) => <Stage stage={failed.stage} /> },
    {
      head: "Cause",
      cell: (failed) => (
        <Text size="sm" lineClamp={2} title={failed.cause} style={{ overflowWrap: "anywhere" }}>
          <bdi>{failed.cause}</bdi>
        </Text>
      ),
    },
    { head: "State", width: "120px", from: "sm", cell: (failed) => <State state={failed.status} /> },
  ];
}

/** A long name breaks instead of pushing the cause out. */
function Broken({ text }: { text: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {text}
    </Text>
  );
}
