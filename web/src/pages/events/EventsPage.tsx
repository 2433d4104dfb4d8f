import { Button } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EVENT_FILTERS, type EventFilter, events } from "../../api/events";
import { useList } from "../../api/list";
import { useWebhookNames } from "../../api/names";
import { Empty } from "../../components/Empty";
import { Filters } from "../../components/Filters";
import { Head } from "../../components/Head";
import { NameFilter } from "../../components/NameFilter";
import { Rows } from "../../components/Rows";
import { SpanFilter } from "../../components/SpanFilter";
import { SPAN, spanQuery } from "../../components/span";
import { given, useFilters } from "../../components/useFilters";
import { usePlace } from "../../shell/place";
import { EMPTY, EMPTY_FILTERED, PURPOSE } from "../../texts/events";
import { columns } from "./columns";
import { FindEvent } from "./FindEvent";

const NAMES = [...EVENT_FILTERS, ...SPAN] as const;

const OUTCOMES = [
  { value: "started", label: "Started" },
  { value: "failed", label: "Failed" },
  { value: "duplicate", label: "Duplicate" },
  { value: "refused", label: "Refused" },
];

/** For the API, at this moment. */
function query({ last, from, to, ...rest }: Record<(typeof NAMES)[number], string>): EventFilter {
  return { ...given(rest), ...spanQuery({ last, from, to }, Date.now()) };
}

/** Requests of all webhooks. */
export function Page() {
  const place = usePlace();
  const { projectId } = place;
  const { values, set, type, any, clear } = useFilters(NAMES);
  const webhooks = useWebhookNames(place);
  const names = new Map(webhooks.map((one) => [one.value, one.label]));
  const list = useList(events(projectId, () => query(values), values));
  return (
    <>
      <Head title="Events" purpose={PURPOSE} />
      <Filters any={any} clear={clear}>
        <FindEvent projectId={projectId} />
        <NameFilter label="Webhook" any="Any webhook" data={webhooks} value={values.dataSourceId} set={(dataSourceId) => set({ dataSourceId })} />
        <NameFilter label="What became of it" any="Anything" data={OUTCOMES} value={values.outcome} set={(outcome) => set({ outcome })} width={140} />
        <SpanFilter values={values} set={set} type={type} />
      </Filters>
      <Rows
        label="Events"
        list={list}
        columns={columns(projectId, names)}
        id={(event) => `${event.id} ${event.dataSourceId}`}
        empty={
          any ? (
            <Empty icon={IconBolt} title="Nothing found" action={<Button onClick={clear}>Clear filters</Button>}>
              {EMPTY_FILTERED}
            </Empty>
          ) : (
            <Empty
              icon={IconBolt}
              title="No event yet"
              action={
                <Button component={Link} to={`/projects/${projectId}/triggers`}>
                  To the triggers
                </Button>
              }
            >
              {EMPTY}
            </Empty>
          )
        }
      />
    </>
  );
}
