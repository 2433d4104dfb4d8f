import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { branch } from "../../api/branches";
import { change, committedBpmn, type Difference, draftBpmn } from "../../api/versions";
import { late } from "../../components/Late";
import { Allowed } from "../../components/Allowed";
import { Head } from "../../components/Head";
import { State } from "../../components/State";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { type Place, useParam, usePlace } from "../../shell/place";
import { DifferenceView } from "./DifferenceView";
import { kindWord, resourcePath, versionsPath } from "./words";

const Discard = late(async () => (await import("./Discard")).Discard);

/** What is read before the page is shown. */
export const load = ({ projectId = "", branch = "", resourceDefinitionId = "" }: Record<string, string>) =>
  queries.ensureQueryData(change({ projectId, branch }, resourceDefinitionId));

/** What changed in one resource since the last commit. */
export function Page() {
  const place = usePlace();
  const id = useParam("resourceDefinitionId");
  const navigate = useNavigate();
  const read = useQuery(change(place, id));
  const [discarding, { open, close }] = useDisclosure();
  const crumbs = [{ label: "Versions", to: versionsPath(place) }];
  const found = read.data;
  if (!found) {
    return (
      <>
        <Head crumbs={crumbs} title="Change" />
        {read.error ? <Trouble error={read.error} again={() => void read.refetch()} /> : <Loading of={read} height={380} />}
      </>
    );
  }
  return (
    <>
      <Head crumbs={crumbs} title={found.name} label={found.change === "same" ? undefined : <State state={found.change} />} purpose={`${kindWord(found.kind)}: the work in progress against the last commit of ${place.branch}.`}>
        {found.change !== "removed" && (
          <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} component={Link} to={resourcePath(place, found.kind, id)}>
            Open
          </Button>
        )}
        {found.change !== "same" && (
          <Allowed right="resource:write">
            <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={open}>
              Discard…
            </Button>
          </Allowed>
        )}
      </Head>
      <WorkDifference place={place} id={id} difference={found} />
      {discarding && (
        <Discard place={place} resources={[{ id, name: found.name }]} onClose={close} onDone={() => void navigate({ to: versionsPath(place) })} />
      )}
    </>
  );
}

function WorkDifference({ place, id, difference }: { place: Place; id: string; difference: Difference }) {
  const process = difference.kind === "process-definition";
  const head = useQuery({ ...branch(place), enabled: process && difference.oldVersionId !== null });
  const now = useQuery({ ...draftBpmn(place, id), enabled: process && difference.newVersionId !== null });
  const before = useQuery({ ...committedBpmn(place.projectId, head.data?.value.headCommitId ?? null, id), enabled: Boolean(head.data?.value.headCommitId) && process && difference.oldVersionId !== null });
  return (
    <>
      <Trouble error={now.error ?? before.error ?? head.error} />
      <DifferenceView difference={difference} files={{ now: now.data, before: before.data }} />
    </>
  );
}
