import { Button, Group, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Select } from "../../components/Select";
import { dataSources, lastEvents } from "../../api/dataSources";
import { type Trial, tryProcess } from "../../api/processes";
import { Refusal } from "../../api/refusal";
import { paint } from "../../components/diagram/marks";
import { exactUtc, local } from "../../components/time";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { elementsOf } from "../../components/elements";
import { TRY } from "../../texts/designer";
import type { Acts, Designer } from "../useDesigner";
import classes from "./Try.module.css";
import { Result } from "./Result";
import { startSources } from "./sources";
import { trialMarks } from "./trial";

interface TryProps {
  place: Place;
  id: string;
  designer: Designer;
  acts: Acts;
}

/** Runs what is drawn now with a payload, and shows the way it took. Nothing is stored, nothing is sent. */
export function Try({ place, id, designer, acts }: TryProps) {
  const known = useQuery(dataSources(place));
  const ids = startSources(designer);
  const [chosen, setChosen] = useState<string | null>(null);
  const source = chosen && ids.includes(chosen) ? chosen : (ids[0] ?? null);
  const [from, setFrom] = useState("sample");
  const [payload, setPayload] = useState(TRY.sample);
  const [eventId, setEventId] = useState<string | null>(null);
  const attempt = useMutation({
    mutationFn: async () => {
      const what = from === "event" && eventId ? { eventId } : { request: { payload: { text: payload } } };
      const bpmn = await acts.xml();
      const trial = await tryProcess(place, id, { bpmn, ...(source ? { dataSourceId: source } : {}), ...what });
      return { trial, elements: elementsOf(bpmn) };
    },
  });
  const now = usePainted(designer, attempt.data?.trial);
  const ofPayload = from === "sample" && attempt.error instanceof Refusal ? attempt.error.field("request/payload") : undefined;
  const names = new Map((known.data ?? []).map((one) => [one.resourceDefinitionId, one.name]));
  return (
    <div className={classes["try"]}>
      <Stack gap="xs" className={classes["form"] ?? ""}>
        {ids.length > 1 && (
          <Select
            label="Webhook"
            size="xs"
            data={ids.map((one) => ({ value: one, label: names.get(one) ?? one }))}
            value={source}
            onChange={setChosen}
            allowDeselect={false}
          />
        )}
        <Group justify="space-between" wrap="nowrap">
          <SegmentedControl
            size="xs"
            aria-label="What it is tried with"
            value={from}
            onChange={setFrom}
            data={[
              { value: "sample", label: "Sample payload" },
              { value: "event", label: "Past event" },
            ]}
          />
          <Button size="xs" leftSection={<IconPlayerPlay size={14} aria-hidden />} onClick={() => attempt.mutate()} loading={attempt.isPending} disabled={from === "event" && !eventId}>
            Try
          </Button>
        </Group>
        {from === "sample" ? (
          <Textarea
            aria-label="Sample payload"
            className={classes["payload"] ?? ""}
            value={payload}
            onChange={(event) => setPayload(event.currentTarget.value)}
            error={ofPayload}
            autosize
            minRows={4}
            maxRows={8}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          />
        ) : (
          <PastEvents place={place} source={source} eventId={eventId} choose={setEventId} />
        )}
      </Stack>
      <div className={classes["result"]}>
        {!ofPayload && <Trouble error={attempt.error} />}
        {attempt.data ? (
          <Result {...attempt.data} earlier={!now} select={acts.select} />
        ) : (
          !attempt.error && (
            <Text size="sm" c="dimmed">
              {TRY.purpose}
            </Text>
          )
        )}
      </div>
    </div>
  );
}

function PastEvents({ place, source, eventId, choose }: { place: Place; source: string | null; eventId: string | null; choose: (id: string | null) => void }) {
  const events = useQuery({ ...lastEvents(place.projectId, source ?? ""), enabled: source !== null });
  const items = events.data?.items ?? [];
  const exact = new Map(items.map((event) => [event.id, exactUtc(event.time)]));
  return (
    <>
      <Select
        label="Event"
        size="xs"
        description={TRY.event}
        data={items.map((event) => ({ value: event.id, label: `${local(event.time)} · …${event.id.slice(-12)}` }))}
        renderOption={({ option }) => <span title={exact.get(option.value)}>{option.label}</span>}
        value={eventId}
        onChange={choose}
        searchable
        placeholder={events.isSuccess && items.length === 0 ? TRY.noEvents : "Choose an event"}
        nothingFoundMessage={TRY.noEvents}
      />
      <Trouble error={events.error} />
    </>
  );
}

/** The way stays painted until something is changed: then it says nothing of what is drawn any more. Whether it does. */
function usePainted({ modeler, revision }: Designer, trial: Trial | undefined): boolean {
  const marks = useMemo(() => (trial ? trialMarks(trial) : []), [trial]);
  const [of, setOf] = useState(revision);
  // only a new trial is of the newest revision
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => setOf(revision), [trial]);
  const now = of === revision;
  useEffect(() => (now && marks.length > 0 ? paint(modeler, marks) : undefined), [modeler, marks, now]);
  return now;
}
