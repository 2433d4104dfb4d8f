import { IconWebhook } from "@tabler/icons-react";
import type { components } from "#schema";
import { api, body } from "../../api/client";
import { listOptions, useList } from "../../api/list";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { type Column, Rows } from "../../components/Rows";
import { State } from "../../components/State";
import { usePlace } from "../../shell/place";

type Trigger = components["schemas"]["Trigger"];

const list = (projectId: string) =>
  listOptions<Trigger>(["project", projectId, "triggers"], (query, signal) =>
    body(api.GET("/api/v1/projects/{projectId}/triggers", { params: { path: { projectId }, query }, signal })),
  );

const COLUMNS: Column<Trigger>[] = [
  { head: "State", width: "140px", cell: (trigger) => <State state={trigger.state} /> },
  { head: "Trigger Type", width: "120px", cell: (trigger) => trigger.type },
  { head: "Event Name", cell: (trigger) => trigger.name },
];

/** Webhooks at run time. */
export function Page() {
  const { projectId } = usePlace();
  const rows = useList(list(projectId));
  return (
    <>
      <Head title="Manage Triggers" purpose="A trigger is a webhook that the running commit connects to a process." />
      <Rows
        label="Triggers"
        list={rows}
        columns={COLUMNS}
        id={(trigger) => trigger.id}
        empty={
          <Empty icon={IconWebhook} title="No triggers yet">
            A webhook appears here when it is connected to a process and that is committed.
          </Empty>
        }
      />
    </>
  );
}
