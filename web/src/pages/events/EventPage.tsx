import { Anchor, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type EventDetail, event } from "../../api/events";
import { useWebhookNames } from "../../api/names";
import { Facts } from "../../components/Facts";
import { Head } from "../../components/Head";
import { Id } from "../../components/Id";
import { Part } from "../../components/Part";
import { State } from "../../components/State";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { When } from "../../components/When";
import { queries } from "../../queries";
import { useParam, usePlace } from "../../shell/place";
import { AT_FAILED, AT_INSTANCE } from "../../texts/events";
import { Walk } from "./Walk";

/** What is read before the page is shown. */
export const load = ({ projectId = "", eventId = "" }: Record<string, string>) => queries.ensureQueryData(event(projectId, eventId));

/** An event that is not done is looked at again this often. */
const LOOK_AGAIN = 1_000;

/** One request, from its arrival to what it started. */
export function Page() {
  const place = usePlace();
  const { projectId } = place;
  const options = event(projectId, useParam("eventId"));
  const found = useQuery({ ...options, refetchInterval: ({ state }) => (state.data?.state === "pending" ? LOOK_AGAIN : false) });
  const names = useWebhookNames(place);
  const one = found.data;
  const webhook = names.find(({ value }) => value === one?.dataSourceId)?.label ?? one?.dataSourceId ?? "";
  return (
    <>
      <Head crumbs={[{ label: "Events", to: `/projects/${projectId}/events` }]} title={one ? `Event of ${webhook}` : "Event"} label={one && <State state={one.state} />} />
      {found.isPending && <Loading of={found} height={320} />}
      {!one && <Trouble error={found.error} again={() => void found.refetch()} />}
      {one && (
        <Stack gap="lg">
          <Facts
            facts={[
              ["Received", <When key="at" at={one.time} />],
              ["Webhook", webhook],
              ["Event id", <Id key="id" value={one.id} what="event id" />],
              ...sent(one, projectId),
            ]}
          />
          <Part title="What became of it">
            <Walk event={one} place={place} webhook={webhook} />
          </Part>
        </Stack>
      )}
    </>
  );
}

/** Where payload and headers can be read: an event itself is not told with them. */
function sent({ instances, failedTriggers }: EventDetail, projectId: string): [string, ReactNode][] {
  const instance = instances.find((one) => one.status !== null);
  const failed = failedTriggers[0];
  const [to, label] = instance ? [`instances/${instance.id}`, AT_INSTANCE] : failed ? [`failed-triggers/${failed.id}`, AT_FAILED] : [];
  if (!to) return [];
  return [
    [
      "Payload and headers",
      <Anchor key="sent" component={Link} to={`/projects/${projectId}/${to}`} size="sm">
        {label}
      </Anchor>,
    ],
  ];
}
