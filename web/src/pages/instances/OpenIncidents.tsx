import { Anchor, Button, Group, Paper, Text } from "@mantine/core";
import { IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAct } from "../../api/commands";
import { FAILED_NOUN } from "../../api/failedTriggers";
import { INCIDENT_FILTERS, INCIDENT_NOUN, type IncidentSelection, type OpenIncident, allIncidents, retryIncidents } from "../../api/incidents";
import { INSTANCE_NOUN, retryIncident } from "../../api/instances";
import { useList } from "../../api/list";
import { useMay } from "../../api/me";
import { useProcessNames } from "../../api/names";
import { operations, operationsKey } from "../../api/operations";
import { Allowed } from "../../components/Allowed";
import { Below } from "../../components/Below";
import { ElementName } from "../../components/ElementName";
import { Empty } from "../../components/Empty";
import { Filters } from "../../components/Filters";
import { Menu } from "../../components/Menu";
import { NameFilter } from "../../components/NameFilter";
import { Outcome } from "../../components/Outcome";
import { RowMenu } from "../../components/RowMenu";
import { type Column, Rows } from "../../components/Rows";
import { SpanFilter } from "../../components/SpanFilter";
import { TextFilter } from "../../components/TextFilter";
import { Trouble } from "../../components/Trouble";
import { When } from "../../components/When";
import { told } from "../../components/elements";
import { SPAN, spanQuery } from "../../components/span";
import { given, useFilters } from "../../components/useFilters";
import type { Place } from "../../shell/place";
import { NO_INCIDENT, NO_INCIDENT_FITS, RETRIED, RETRY_MANY } from "../../texts/instances";
import { processPath } from "../data-sources/UsedBy";

const NAMES = [...INCIDENT_FILTERS, ...SPAN] as const;

/** The most that can be named one by one; for more there is the filter. */
const MOST = 1_000;

/** For the API, at this moment. */
function query({ last, from, to, ...rest }: Record<(typeof NAMES)[number], string>) {
  return { ...given(rest), ...spanQuery({ last, from, to }, Date.now()) };
}

/** What keeps instances from going on, of all of them: retried one by one, some, or all that fit. */
export function OpenIncidents({ place }: { place: Place }) {
  const { projectId } = place;
  const { values, set, type, any, clear } = useFilters(NAMES);
  const list = useList(allIncidents(projectId, () => query(values), values));
  const processes = useProcessNames(place);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const mayOperate = useMay("runtime:operate");
  const retry = useAct(projectId, [INCIDENT_NOUN, INSTANCE_NOUN, FAILED_NOUN, "events"], (id: string) => retryIncident(projectId, id));
  const many = useRetryMany(projectId, () => setChosen(new Set()));
  // those that were resolved meanwhile are not there to be chosen
  const there = list.rows.filter((one) => chosen.has(one.id)).slice(0, MOST);
  const menu = (one: OpenIncident) => (
    <RowMenu of={nameOf(one)}>
      <Allowed right="runtime:operate">
        <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} disabled={!one.canRetry || retry.busy} onClick={() => retry.start(one.id)}>
          Retry
        </Menu.Item>
      </Allowed>
    </RowMenu>
  );
  return (
    <>
      <Filters any={any} clear={clear}>
        <NameFilter label="Process" any="Any process" data={processes} value={values.processDefinitionId} set={(processDefinitionId) => set({ processDefinitionId })} />
        <TextFilter label="Cause code" value={values.causeCode} set={(causeCode) => type({ causeCode })} />
        <SpanFilter values={values} set={set} type={type} />
      </Filters>
      {list.rows.length > 0 && (
        <Bar
          chosen={there.length}
          busy={many.isPending}
          retry={() => many.mutate(there.length > 0 ? { ids: there.map((one) => one.id) } : { filter: query(values) })}
          clear={() => setChosen(new Set())}
          any={any}
        />
      )}
      <Rows
        label="Open incidents"
        list={list}
        columns={columns(place, (causeCode) => set({ causeCode }))}
        id={(one) => one.id}
        menu={menu}
        {...(mayOperate ? { chosen, name: nameOf, onChoose: setChosen } : {})}
        empty={
          <Empty icon={IconCircleCheck} title={any ? "Nothing found" : "No open incident"} action={any && <Button onClick={clear}>Clear filters</Button>}>
            {any ? NO_INCIDENT_FITS : NO_INCIDENT}
          </Empty>
        }
      />
      <Below>
        <Trouble error={many.error} />
        <Outcome act={retry} doing="Retrying" done={RETRIED} />
      </Below>
    </>
  );
}

/** Asks for the retry of many; how it goes, and its end, stand in the bar above the page. */
function useRetryMany(projectId: string, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (which: IncidentSelection) => retryIncidents(projectId, which),
    onSuccess: (queued) => {
      done();
      client.setQueryData(operations(projectId).queryKey, (old) => [queued, ...(old ?? [])]);
      void client.invalidateQueries({ queryKey: operationsKey(projectId) });
    },
  });
}

function Bar({ chosen, busy, retry, clear, any }: { chosen: number; busy: boolean; retry: () => void; clear: () => void; any: boolean }) {
  const what = chosen === 0 ? (any ? "Retry all that fit" : "Retry all") : `Retry ${chosen.toLocaleString("en")}`;
  return (
    <Paper withBorder p="xs" mb="sm" radius="md" role="region" aria-label="Many incidents">
      <Group gap="sm">
        <Allowed right="runtime:operate">
          <Button size="xs" leftSection={<IconRefresh size={14} aria-hidden />} loading={busy} onClick={retry} miw={140}>
            {what}
          </Button>
        </Allowed>
        <Button size="xs" variant="subtle" disabled={chosen === 0} onClick={clear}>
          Choose none
        </Button>
        <Text size="xs" c="dimmed">
          {RETRY_MANY}
        </Text>
      </Group>
    </Paper>
  );
}

function columns(place: Place, only: (causeCode: string) => void): Column<OpenIncident>[] {
  return [
    {
      head: "Process",
      width: "170px",
      cell: (one) => (
        <>
          <Anchor component={Link} to={`/projects/${place.projectId}/instances/${one.instanceId}`} size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
            {one.processName ?? one.processDefinitionId}
          </Anchor>
          <Text size="xs" hiddenFrom="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
            <bdi>{one.cause}</bdi>
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            <When at={one.createdAt} />
          </Text>
        </>
      ),
    },
    {
      head: "Cause",
      from: "sm",
      cell: (one) => (
        <Text size="sm" lineClamp={2} title={one.cause} style={{ overflowWrap: "anywhere" }}>
          <bdi>{one.cause}</bdi>
        </Text>
      ),
    },
    {
      head: "Cause code",
      width: "140px",
      from: "md",
      cell: (one) => (
        <Anchor component="button" type="button" size="sm" ta="left" onClick={() => only(one.causeCode)} title={`Only ${one.causeCode}`}>
          {one.causeCode}
        </Anchor>
      ),
    },
    {
      head: "Element",
      width: "160px",
      from: "xl",
      cell: (one) =>
        one.elementId ? (
          <Anchor component={Link} to={processPath(place, one.processDefinitionId, one.elementId)} size="sm" style={{ overflowWrap: "anywhere" }}>
            <ElementName {...told(one)} />
          </Anchor>
        ) : (
          "–"
        ),
    },
    { head: "Raised", width: "140px", from: "sm", cell: (one) => <When at={one.createdAt} /> },
  ];
}

const nameOf = (one: OpenIncident) => `the incident of ${one.processName ?? one.processDefinitionId}`;
