import { Alert, Anchor, Button, Code, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconBulb, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Act, useAct } from "../../api/commands";
import { FAILED_NOUN, type FailedTriggerDetail, failedTrigger, retryOne } from "../../api/failedTriggers";
import { Allowed } from "../../components/Allowed";
import { Confirm } from "../../components/Confirm";
import { ElementName } from "../../components/ElementName";
import { Facts } from "../../components/Facts";
import { Head } from "../../components/Head";
import { Id } from "../../components/Id";
import { Outcome } from "../../components/Outcome";
import { State } from "../../components/State";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { Way } from "../../components/Way";
import { When } from "../../components/When";
import { told } from "../../components/elements";
import { queries } from "../../queries";
import { type Place, useParam, usePlace } from "../../shell/place";
import { DISMISS } from "../../texts/failedTriggers";
import { processPath } from "../data-sources/UsedBy";
import { Sent } from "./Sent";
import { Stage } from "./Stage";
import { useDismiss } from "./useDismiss";

/** What is read before the page is shown. */
export const load = ({ projectId = "", failedTriggerId = "" }: Record<string, string>) => queries.ensureQueryData(failedTrigger(projectId, failedTriggerId));

/** One failed trigger: what was sent, what went wrong, what to do. */
export function Page() {
  const id = useParam("failedTriggerId");
  return <Shown key={id} id={id} />;
}

function Shown({ id }: { id: string }) {
  const place = usePlace();
  const found = useQuery(failedTrigger(place.projectId, id));
  const failed = found.data;
  const retry = useAct(place.projectId, [FAILED_NOUN, "instances", "events"], () => retryOne(place.projectId, id));
  return (
    <>
      <Head
        crumbs={[{ label: "Failed Triggers", to: `/projects/${place.projectId}/failed-triggers` }]}
        title={failed ? `${failed.dataSourceName ?? "Webhook"} ${failed.processName ? `→ ${failed.processName}` : ""}` : "Failed trigger"}
        label={failed && <State state={failed.status} />}
      >
        {failed && <Acts failed={failed} projectId={place.projectId} retry={retry} />}
      </Head>
      <Outcome act={retry} doing="Retrying" done="The retry started it." />
      {found.isPending && <Loading of={found} height={320} />}
      {!failed && <Trouble error={found.error} again={() => void found.refetch()} />}
      {failed && <Detail failed={failed} place={place} />}
    </>
  );
}

function Acts({ failed, projectId, retry }: { failed: FailedTriggerDetail; projectId: string; retry: Act<undefined> }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const dismiss = useDismiss(projectId, () => void navigate({ to: `/projects/${projectId}/failed-triggers` }));
  return (
    <>
      <Group gap="xs">
        <Allowed right="runtime:operate">
          <Button leftSection={<IconRefresh size={16} aria-hidden />} disabled={!failed.canRetry} loading={retry.busy} onClick={() => retry.start(undefined)}>
            Retry
          </Button>
        </Allowed>
        <Allowed right="runtime:operate">
          <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Dismiss
          </Button>
        </Allowed>
      </Group>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Dismiss this failed trigger?"
        act="Dismiss"
        busy={dismiss.isPending}
        error={dismiss.error}
        onConfirm={() => dismiss.mutate(failed.id)}
      >
        {DISMISS}
      </Confirm>
    </>
  );
}

function Detail({ failed, place }: { failed: FailedTriggerDetail; place: Place }) {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Alert color="red" variant="default" title="Cause" icon={<IconAlertTriangle size={18} color="var(--mantine-color-error)" aria-hidden />}>
          <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            <bdi>{failed.cause}</bdi>
          </Text>
          <Text size="xs" mt={4}>
            <Code>{failed.causeCode}</Code>
            {failed.elementId && (
              <>
                {" at the element "}
                <ElementName {...told(failed)} />
              </>
            )}
          </Text>
        </Alert>
        <Alert color="basin" variant="default" title="What to do" icon={<IconBulb size={18} aria-hidden />}>
          <Text size="sm">{failed.advice}</Text>
          {failed.processDefinitionId && (
            <Button size="xs" variant="default" mt="xs" component={Way} href={processPath(place, failed.processDefinitionId, failed.elementId)}>
              Open the process{failed.elementId ? " at this element" : ""}
            </Button>
          )}
        </Alert>
      </SimpleGrid>
      <Facts facts={facts(failed, place)} />
      <Sent failed={failed} />
    </Stack>
  );
}

function facts(failed: FailedTriggerDetail, { projectId, branch }: Place): [string, React.ReactNode][] {
  const runtime = `/projects/${projectId}`;
  const config = `${runtime}/branches/${encodeURIComponent(branch)}`;
  return [
    ["Received", <When key="at" at={failed.eventTime} />],
    ["Stage", <Stage key="stage" stage={failed.stage} />],
    ["Attempts", failed.attempt],
    ["Webhook", link(`${config}/data-sources/${failed.dataSourceId}`, failed.dataSourceName ?? failed.dataSourceId)],
    ["Process", failed.processDefinitionId ? link(`${config}/processes/${failed.processDefinitionId}`, failed.processName ?? failed.processDefinitionId) : "none was reached"],
    ["Process instance", failed.instanceId ? link(`${runtime}/instances/${failed.instanceId}`, "The instance with the incident") : "there is none"],
    ["Event", link(`${runtime}/events/${encodeURIComponent(failed.eventId)}`, "What became of the event")],
    ["Event id", <Id key="event" value={failed.eventId} what="event id" />],
    ["Id", <Id key="id" value={failed.id} />],
  ];
}

function link(to: string, label: string) {
  return (
    <Anchor component={Link} to={to} size="sm">
      {label}
    </Anchor>
  );
}
