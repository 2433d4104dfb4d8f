import { Button } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EVENT_FILTERS, events } from "../../api/events";
import { LOOK_AGAIN, useList } from "../../api/list";
import { useWebhookNames } from "../../api/names";
import { Empty } from "../../components/Empty";
import { Filters } from "../../components/Filters";
import { Head } from "../../components/Head";
import { NameFilter } from "../../components/NameFilter";
import { Rows } from "../../components/Rows";
import { given, useFilters } from "../../components/useFilters";
import { usePlace } from "../../shell/place";
import { EMPTY, EMPTY_FILTERED, PURPOSE } from "../../texts/events";
import { columns } from "./columns";
import { FindEvent } from "./FindEvent";

/** Requests of all webhooks. */
export function Page() {
  const place = usePlace();
  const { projectId } = place;
  const { values, set, any, clear } = useFilters(EVENT_FILTERS);
  const webhooks = useWebhookNames(place);
  const names = new Map(webhooks.map((one) => [one.value, one.label]));
  const list = useList(events(projectId, () => given(values), values), LOOK_AGAIN);
  return (
    <>
      <Head title="Events" purpose={PURPOSE} />
      <Filters any={any} clear={clear}>
        <FindEvent projectId={projectId} />
        <NameFilter label="Webhook" any="Any webhook" data={webhooks} value={values.dataSourceId} set={(dataSourceId) => set({ dataSourceId })} />
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
