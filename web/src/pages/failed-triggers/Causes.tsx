import { Anchor, Text } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Menu } from "../../components/Menu";
import { type FailedGroup, failedGroups } from "../../api/failedTriggers";
import { useList } from "../../api/list";
import type { FailedSelection } from "../../api/operations";
import { Allowed } from "../../components/Allowed";
import { Below } from "../../components/Below";
import { Confirm } from "../../components/Confirm";
import { RowMenu } from "../../components/RowMenu";
import { type Column, Rows } from "../../components/Rows";
import { spanQuery } from "../../components/span";
import { Trouble } from "../../components/Trouble";
import { When } from "../../components/When";
import { DISMISS_MANY } from "../../texts/failedTriggers";
import { type Values, query } from "./filters";
import { Stage } from "./Stage";
import { useMany } from "./useMany";

/** The failed triggers by their cause, with counts; all of a cause are retried or dismissed at once. */
export function Causes({ projectId, values, empty }: { projectId: string; values: Values; empty: ReactNode }) {
  // groups are not asked for by event or by state: a group counts all states
  const wanted = { ...values, eventId: "", status: "" };
  const list = useList(failedGroups(projectId, () => query(wanted), wanted));
  const [asked, setAsked] = useState<FailedGroup>();
  const many = useMany(projectId, () => setAsked(undefined));
  const selection = (group: FailedGroup): FailedSelection => ({ filter: { ...filterOf(group), ...spanQuery(values, Date.now()) } });
  const menu = (group: FailedGroup) => (
    <RowMenu of={`the cause ${group.causeCode} of ${group.processName ?? group.dataSourceName ?? ""}`}>
      <Allowed right="runtime:operate">
        <Menu.Item
          leftSection={<IconRefresh size={16} aria-hidden />}
          disabled={group.stage === "gateway" || group.open === 0}
          onClick={() => many.mutate({ act: "retry", chosen: selection(group) })}
        >
          Retry all open
        </Menu.Item>
      </Allowed>
      <Allowed right="runtime:operate">
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setAsked(group)}>
          Dismiss all
        </Menu.Item>
      </Allowed>
    </RowMenu>
  );
  return (
    <>
      <Rows label="Causes" list={list} columns={columns(projectId)} id={key} menu={menu} empty={empty} />
      <Below>{!asked && <Trouble error={many.error} />}</Below>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Dismiss all of this cause?"
        act="Dismiss all"
        busy={many.isPending}
        error={many.error}
        onConfirm={() => asked && many.mutate({ act: "dismiss", chosen: selection(asked) })}
      >
        {DISMISS_MANY}
      </Confirm>
    </>
  );
}

function key(group: FailedGroup): string {
  return [group.stage, group.causeCode, group.processDefinitionId, group.dataSourceId].join(" ");
}

function filterOf({ stage, causeCode, dataSourceId, processDefinitionId }: FailedGroup) {
  return { stage, causeCode, dataSourceId, ...(processDefinitionId ? { processDefinitionId } : {}) };
}

function columns(projectId: string): Column<FailedGroup>[] {
  return [
    {
      head: "Cause",
      cell: (group) => (
        <>
          <Anchor component={Link} to={`/projects/${projectId}/failed-triggers?${new URLSearchParams(filterOf(group)).toString()}`} size="sm" fw={500}>
            {group.causeCode}
          </Anchor>
          <Text size="xs" c="dimmed" lineClamp={2} title={group.example.cause} style={{ overflowWrap: "anywhere" }}>
            for example: <bdi>{group.example.cause}</bdi>
          </Text>
        </>
      ),
    },
    { head: "Open", width: "80px", number: true, cell: (group) => group.open.toLocaleString("en") },
    { head: "Retried", width: "80px", number: true, from: "md", cell: (group) => group.retried.toLocaleString("en") },
    { head: "Process", from: "sm", cell: (group) => group.processName ?? "–" },
    { head: "Webhook", from: "md", cell: (group) => group.dataSourceName ?? group.dataSourceId },
    { head: "Stage", width: "90px", from: "md", cell: (group) => <Stage stage={group.stage} /> },
    { head: "Newest", width: "140px", from: "sm", cell: (group) => <When at={group.newestAt} /> },
    { head: "Oldest", width: "140px", from: "lg", cell: (group) => <When at={group.oldestAt} /> },
  ];
}
