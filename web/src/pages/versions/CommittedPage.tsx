import { Button, Paper, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { code } from "../../api/refusal";
import { commit, commitChange, committed, committedBpmn, type CommitDetail, type Difference } from "../../api/versions";
import { late } from "../../components/Late";
import { Allowed } from "../../components/Allowed";
import { Diagram } from "../../components/diagram/Diagram";
import { Head } from "../../components/Head";
import { State } from "../../components/State";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { type Place, useParam, usePlace } from "../../shell/place";
import { DifferenceView } from "./DifferenceView";
import { SettingsList } from "./SettingsList";
import { kindWord, versionsPath } from "./words";

const Restore = late(async () => (await import("./Restore")).Restore);

/** What is read before the page is shown. */
export const load = ({ projectId = "", commitId = "", resourceDefinitionId = "" }: Record<string, string>) =>
  Promise.all([queries.ensureQueryData(commit(projectId, commitId)), queries.ensureQueryData(commitChange(projectId, commitId, resourceDefinitionId))]);

/** One resource as an old commit has it, and what the commit changed in it. */
export function Page() {
  const place = usePlace();
  const [commitId, id] = [useParam("commitId"), useParam("resourceDefinitionId")];
  const from = useQuery(commit(place.projectId, commitId));
  const change = useQuery(commitChange(place.projectId, commitId, id));
  const crumbs = [
    { label: "Versions", to: versionsPath(place) },
    { label: from.data ? `Commit ${from.data.number}` : "Commit", to: versionsPath(place, "commits", commitId) },
  ];
  if (from.data && change.data) return <Shown place={place} from={from.data} change={change.data} crumbs={crumbs} />;
  const error = from.error ?? change.error;
  return (
    <>
      <Head crumbs={crumbs} title="Resource" />
      {error ? <Trouble error={error} /> : <Loading of={[from, change]} height={380} />}
    </>
  );
}

interface ShownProps {
  place: Place;
  from: CommitDetail;
  change: Difference;
  crumbs: { label: string; to: string }[];
}

function Shown({ place, from, change, crumbs }: ShownProps) {
  const navigate = useNavigate();
  const [restoring, { open, close }] = useDisclosure();
  const id = change.resourceDefinitionId;
  const differs = change.change !== "same" && change.change !== "added";
  // what changed is painted on the same diagram: it is not shown twice
  const content = change.newVersionId !== null && !(differs && change.elements.length > 0);
  return (
    <>
      <Head
        crumbs={crumbs}
        title={change.name}
        label={change.change === "same" ? undefined : <State state={change.change} />}
        purpose={`${kindWord(change.kind)} as commit ${from.number} of ${from.branch} has it. It cannot be changed; take it back into the work in progress to go on from it.`}
      >
        {change.newVersionId !== null && (
          <Allowed right="resource:write">
            <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={open}>
              Restore…
            </Button>
          </Allowed>
        )}
      </Head>
      <Stack gap="lg">
        {content && <Content place={place} commitId={from.id} change={change} />}
        {differs && <Changed place={place} from={from} change={change} />}
      </Stack>
      {restoring && (
        <Restore place={place} from={from} resources={[{ id, name: change.name }]} onClose={close} onDone={() => void navigate({ to: versionsPath(place) })} />
      )}
    </>
  );
}

function Content({ place, commitId, change }: { place: Place; commitId: string; change: Difference }) {
  const id = change.resourceDefinitionId;
  const process = change.kind === "process-definition";
  const file = useQuery({ ...committedBpmn(place.projectId, commitId, id), enabled: process });
  const settings = useQuery({ ...committed(place.projectId, commitId, id), enabled: !process });
  return (
    <section aria-label="Content">
      <Trouble error={file.error ?? settings.error} />
      {process && file.data !== undefined && <Diagram xml={file.data} label={`Process ${change.name}`} height={400} />}
      {!process && settings.data && (
        <Paper withBorder p="md" radius="md">
          <SettingsList content={settings.data} />
        </Paper>
      )}
      {file.isLoading || settings.isLoading ? <Loading of={[file, settings]} height={process ? 400 : 160} /> : null}
    </section>
  );
}

function Changed({ place, from, change }: { place: Place; from: CommitDetail; change: Difference }) {
  const id = change.resourceDefinitionId;
  const process = change.kind === "process-definition";
  const now = useQuery({ ...committedBpmn(place.projectId, from.id, id), enabled: process && change.newVersionId !== null });
  const before = useQuery({ ...committedBpmn(place.projectId, from.parentId, id), enabled: process && change.oldVersionId !== null && from.parentId !== null });
  const error = now.error ?? before.error;
  return (
    <Stack component="section" aria-labelledby="changed" gap="sm">
      <Title order={2} id="changed">
        What this commit changed
      </Title>
      {error && code(error) !== "not-found" ? <Trouble error={error} /> : null}
      <DifferenceView difference={change} files={{ now: now.data, before: before.data }} />
    </Stack>
  );
}
