import { Button, SegmentedControl } from "@mantine/core";
import { IconAlertTriangle, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Menu } from "../../components/Menu";
import { useAct } from "../../api/commands";
import { FAILED_NOUN, type FailedTrigger, failedTriggers, retryOne } from "../../api/failedTriggers";
import { useList } from "../../api/list";
import { Allowed } from "../../components/Allowed";
import { Below } from "../../components/Below";
import { Confirm } from "../../components/Confirm";
import { Empty } from "../../components/Empty";
import { Head } from "../../components/Head";
import { Outcome } from "../../components/Outcome";
import { RowMenu } from "../../components/RowMenu";
import { Rows } from "../../components/Rows";
import { type FilterValues, useFilters } from "../../components/useFilters";
import { useMay } from "../../api/me";
import { usePlace } from "../../shell/place";
import { CAUSES_PURPOSE, DISMISS, EMPTY, EMPTY_FILTERED, PURPOSE } from "../../texts/failedTriggers";
import { Causes } from "./Causes";
import { ChosenBar } from "./ChosenBar";
import { columns } from "./columns";
import { FailedFilters, NAMES, query } from "./filters";
import { useDismiss } from "./useDismiss";

const CAUSES = "causes";

/** What did not start: one by one, or by cause. */
export function Page() {
  const place = usePlace();
  const filters = useFilters(NAMES);
  const view = useFilters(["view"]);
  const grouped = view.values.view === CAUSES;
  return (
    <>
      <Head title="Failed Triggers" purpose={grouped ? CAUSES_PURPOSE : PURPOSE}>
        <SegmentedControl
          size="sm"
          aria-label="How they are listed"
          value={grouped ? CAUSES : "all"}
          onChange={(value) => view.set({ view: value === CAUSES ? CAUSES : "" })}
          data={[
            { value: "all", label: "One by one" },
            { value: CAUSES, label: "By cause" },
          ]}
        />
      </Head>
      <FailedFilters place={place} filters={filters} grouped={grouped} />
      {grouped ? <Causes projectId={place.projectId} values={filters.values} empty={<NoFailures filters={filters} />} /> : <OneByOne projectId={place.projectId} filters={filters} />}
    </>
  );
}

type FailedFilterValues = FilterValues<(typeof NAMES)[number]>;

function NoFailures({ filters }: { filters: FailedFilterValues }) {
  return (
    <Empty
      icon={IconAlertTriangle}
      title={filters.any ? "Nothing found" : "Nothing has failed"}
      action={filters.any && <Button onClick={filters.clear}>Clear filters</Button>}
    >
      {filters.any ? EMPTY_FILTERED : EMPTY}
    </Empty>
  );
}

function OneByOne({ projectId, filters }: { projectId: string; filters: FailedFilterValues }) {
  const list = useList(failedTriggers(projectId, () => query(filters.values), filters.values));
  const [asked, setAsked] = useState<FailedTrigger>();
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  // rows are chosen to act on them
  const may = useMay("runtime:operate");
  const retry = useAct(projectId, [FAILED_NOUN, "instances", "events"], (id: string) => retryOne(projectId, id));
  const dismiss = useDismiss(projectId, () => setAsked(undefined));
  const menu = (failed: FailedTrigger) => (
    <RowMenu of={nameOf(failed)}>
      <Allowed right="runtime:operate">
        <Menu.Item
          leftSection={<IconRefresh size={16} aria-hidden />}
          disabled={failed.stage === "gateway" || failed.status !== "open"}
          onClick={() => retry.start(failed.id)}
        >
          Retry
        </Menu.Item>
      </Allowed>
      <Allowed right="runtime:operate">
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} disabled={failed.status === "retrying"} onClick={() => setAsked(failed)}>
          Dismiss
        </Menu.Item>
      </Allowed>
    </RowMenu>
  );
  return (
    <>
      {may && list.rows.length > 0 && <ChosenBar projectId={projectId} chosen={chosen} clear={() => setChosen(new Set())} />}
      <Rows
        label="Failed triggers"
        list={list}
        columns={columns(projectId)}
        id={(failed) => failed.id}
        menu={menu}
        {...(may ? { chosen, name: nameOf, onChoose: setChosen } : {})}
        empty={<NoFailures filters={filters} />}
      />
      <Below>
        <Outcome act={retry} doing="Retrying" />
      </Below>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Dismiss this failed trigger?"
        act="Dismiss"
        busy={dismiss.isPending}
        error={dismiss.error}
        onConfirm={() => asked && dismiss.mutate(asked.id)}
      >
        {DISMISS}
      </Confirm>
    </>
  );
}

/** Of two of one second the process tells them apart. */
const nameOf = ({ eventTime, processName }: FailedTrigger) => `the failed trigger of ${eventTime}${processName ? ` in ${processName}` : ""}`;
