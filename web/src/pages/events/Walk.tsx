import { Anchor, Group, Text, Timeline } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCircleDashed, IconCopy, IconDatabase, IconPlayerPlay, IconWebhook } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { EventDetail } from "../../api/events";
import { Id } from "../../components/Id";
import { State } from "../../components/State";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { DUPLICATE, GONE, NOTHING, PENDING, REFUSED, STORED } from "../../texts/events";

/** What the walk is drawn of. */
export interface WalkProps {
  event: EventDetail;
  place: Place;
  webhook: string;
}

/** The way of an event, from top to bottom: received, stored, what it started, what failed. */
export function Walk({ event, place, webhook }: WalkProps) {
  const refused = event.state === "refused";
  return (
    <Timeline bulletSize={28} lineWidth={2} color="basin" active={99}>
      <Timeline.Item bullet={<IconWebhook size={16} aria-hidden />} title="Received">
        <Dim>
          by the webhook{" "}
          <Anchor component={Link} underline="always" size="sm" to={`/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/data-sources/${event.dataSourceId}`}>
            {webhook}
          </Anchor>
          , <When at={event.time} />
        </Dim>
      </Timeline.Item>
      {!refused && (
        <Timeline.Item bullet={<IconDatabase size={16} aria-hidden />} title="Stored">
          <Dim>{STORED}</Dim>
        </Timeline.Item>
      )}
      {after(event, place)}
    </Timeline>
  );
}

function after(event: EventDetail, { projectId }: Place): ReactNode[] {
  const below = `/projects/${projectId}`;
  const steps: ReactNode[] = [
    ...event.instances.map((instance) => (
      <Timeline.Item
        key={instance.id}
        bullet={<IconPlayerPlay size={16} aria-hidden />}
        title={
          <Group gap="xs">
            <Anchor component={Link} to={`${below}/instances/${instance.id}`}>
              {instance.processName ?? instance.processDefinitionId}
            </Anchor>
            {instance.status && <State state={instance.status} />}
          </Group>
        }
      >
        <Dim>
          {instance.status ? "A process instance was started" : GONE}
          {instance.attempt > 1 && `, at attempt ${instance.attempt}`} <Id value={instance.id} what="instance id" />
        </Dim>
      </Timeline.Item>
    )),
    ...event.failedTriggers.map((failed) => (
      <Timeline.Item
        key={failed.id}
        color={failed.status === "retried" ? "gray" : "red"}
        bullet={failed.stage === "gateway" ? <IconBan size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
        title={
          <Group gap="xs">
            <Anchor component={Link} to={`${below}/failed-triggers/${failed.id}`}>
              {failed.stage === "gateway" ? "Refused" : `Failed trigger${failed.processName ? ` of ${failed.processName}` : ""}`}
            </Anchor>
            <State state={failed.status} />
          </Group>
        }
      >
        <Dim>
          <bdi>{failed.cause}</bdi>, <When at={failed.createdAt} />
          {failed.stage === "gateway" && `. ${REFUSED}`}
        </Dim>
      </Timeline.Item>
    )),
  ];
  if (event.duplicateOf) steps.push(<Duplicate key="duplicate" of={event.duplicateOf} below={below} />);
  if (event.state === "pending") steps.push(<Step key="pending" icon={IconCircleDashed} title="Pending" text={PENDING} />);
  else if (steps.length === 0) steps.push(<Step key="nothing" icon={IconCircleDashed} title="Nothing" text={NOTHING} />);
  return steps;
}

function Duplicate({ of, below, ...item }: { of: string; below: string }) {
  return (
    <Timeline.Item {...item} color="gray" bullet={<IconCopy size={16} aria-hidden />} title="Duplicate">
      <Dim>
        {DUPLICATE}{" "}
        <Anchor component={Link} underline="always" size="sm" to={`${below}/events/${encodeURIComponent(of)}`}>
          The earlier event
        </Anchor>
      </Dim>
    </Timeline.Item>
  );
}

function Step({ icon: Icon, title, text, ...item }: { icon: typeof IconCopy; title: string; text: string }) {
  return (
    <Timeline.Item {...item} color="gray" bullet={<Icon size={16} aria-hidden />} title={title}>
      <Dim>{text}</Dim>
    </Timeline.Item>
  );
}

function Dim({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: "anywhere" }}>
      {children}
    </Text>
  );
}
