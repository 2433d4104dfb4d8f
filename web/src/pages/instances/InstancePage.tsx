import { Alert, Anchor, Button, Stack, Text } from "@mantine/core";
import { IconBan } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type Act, useAct } from "../../api/commands";
import { FAILED_NOUN } from "../../api/failedTriggers";
import { INSTANCE_NOUN, type InstanceDetail, cancelInstance, instance, processFile } from "../../api/instances";
import { Allowed } from "../../components/Allowed";
import { useWebhookNames } from "../../api/names";
import { type CommitDetail, commit as commitOf } from "../../api/versions";
import { Confirm } from "../../components/Confirm";
import { elementsOf } from "../../components/elements";
import { Facts } from "../../components/Facts";
import { Head } from "../../components/Head";
import { Id } from "../../components/Id";
import { Outcome } from "../../components/Outcome";
import { State } from "../../components/State";
import { duration } from "../../components/time";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { When } from "../../components/When";
import { queries } from "../../queries";
import { type Place, useParam, usePlace } from "../../shell/place";
import { CANCEL, REPLACED } from "../../texts/instances";
import { Incidents } from "./Incidents";
import { Path } from "./Path";
import { Trail } from "./Trail";
import { Variables } from "./Variables";

/** What is read before the page is shown. */
export const load = ({ projectId = "", instanceId = "" }: Record<string, string>) => queries.ensureQueryData(instance(projectId, instanceId));

/** One run of a process. */
export function Page() {
  const id = useParam("instanceId");
  return <Shown key={id} id={id} />;
}

function Shown({ id }: { id: string }) {
  const place = usePlace();
  const found = useQuery(instance(place.projectId, id));
  const run = found.data;
  const cancel = useAct(place.projectId, [INSTANCE_NOUN, FAILED_NOUN, "events"], () => cancelInstance(place.projectId, id));
  return (
    <>
      <Head
        crumbs={[{ label: "Process Instances", to: `/projects/${place.projectId}/instances` }]}
        title={run?.processName ?? "Process instance"}
        label={run && <State state={run.status} />}
      >
        {run && !run.endedAt && <Cancel cancel={cancel} />}
      </Head>
      <Outcome act={cancel} doing="Cancelling" done="The instance is cancelled." />
      {found.isPending && <Loading of={found} height={420} />}
      {!run && <Trouble error={found.error} again={() => void found.refetch()} />}
      {run && <Detail run={run} place={place} />}
    </>
  );
}

function Detail({ run, place }: { run: InstanceDetail; place: Place }) {
  const [selected, setSelected] = useState<string>();
  const file = useQuery(processFile(place.projectId, run.commitId, run.processDefinitionId));
  const webhook = useWebhookNames(place).find((one) => one.value === run.dataSourceId)?.label;
  const commit = useQuery(commitOf(place.projectId, run.commitId)).data;
  const names = useMemo(() => elementsOf(file.data ?? ""), [file.data]);
  return (
    <Stack gap="lg">
      {run.replacedBy && (
        <Alert color="gray">
          {REPLACED}{" "}
          <Anchor component={Link} to={`/projects/${place.projectId}/instances/${run.replacedBy}`} underline="always" size="sm">
            To that instance
          </Anchor>
        </Alert>
      )}
      <Incidents run={run} place={place} names={names} />
      <Path run={run} file={file} selected={selected} select={setSelected} />
      <Facts facts={facts(run, place, { webhook, commit })} />
      <div className="beside">
        <Variables run={run} projectId={place.projectId} />
        <Trail run={run} names={names} select={file.data ? setSelected : undefined} />
      </div>
    </Stack>
  );
}

/** What the ids of an instance are the ids of, once that is read. */
interface Names {
  webhook: string | undefined;
  commit: CommitDetail | undefined;
}

function facts(run: InstanceDetail, { projectId, branch }: Place, { webhook, commit }: Names): [string, React.ReactNode][] {
  const below = `/projects/${projectId}/branches/${encodeURIComponent(branch)}`;
  const versions = `/projects/${projectId}/branches/${encodeURIComponent(commit && !commit.branchDeleted ? commit.branch : branch)}/versions/commits/${run.commitId}`;
  return [
    ["Started", <When key="started" at={run.createdAt} />],
    ["Ended", run.endedAt ? <When key="ended" at={run.endedAt} /> : "not yet"],
    ["Took", run.endedAt ? duration(run.createdAt, run.endedAt) : "–"],
    ["Process", link(`${below}/processes/${run.processDefinitionId}`, run.processName ?? run.processDefinitionId)],
    ["Webhook", run.dataSourceId ? link(`${below}/data-sources/${run.dataSourceId}`, webhook ?? run.dataSourceId) : "–"],
    ["Commit", <Text key="commit" size="sm" lineClamp={2} title={commit?.message}>{link(versions, commit ? `${commit.number} · ${commit.message}` : run.commitId)}</Text>],
    ["Started by", run.eventId ? link(`/projects/${projectId}/events/${encodeURIComponent(run.eventId)}`, "The event") : "–"],
    ["Event id", run.eventId ? <Id key="event" value={run.eventId} what="event id" /> : "–"],
    ["Instance id", <Id key="id" value={run.id} what="instance id" />],
    ...(run.attempt > 1 ? [["Attempt", run.attempt] satisfies [string, React.ReactNode]] : []),
  ];
}

function link(to: string, label: string) {
  return (
    <Anchor component={Link} to={to} size="sm">
      {label}
    </Anchor>
  );
}

function Cancel({ cancel }: { cancel: Act<undefined> }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Allowed right="runtime:operate">
        <Button variant="default" leftSection={<IconBan size={16} aria-hidden />} loading={cancel.busy} onClick={() => setAsking(true)}>
          Cancel instance
        </Button>
      </Allowed>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Cancel this instance?"
        act="Cancel instance"
        onConfirm={() => {
          setAsking(false);
          cancel.start(undefined);
        }}
      >
        {CANCEL}
      </Confirm>
    </>
  );
}
