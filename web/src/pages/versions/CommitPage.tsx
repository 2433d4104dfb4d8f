import { Badge, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconDownload, IconGitBranch, IconGitMerge, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { exportCommit } from "../../api/transfer";
import { commit, commitChanges, type CommitDetail } from "../../api/versions";
import { late } from "../../components/Late";
import { Allowed } from "../../components/Allowed";
import { fileName } from "../../components/download";
import { Head } from "../../components/Head";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { Way } from "../../components/Way";
import { When } from "../../components/When";
import { queries } from "../../queries";
import { type Place, useParam, usePlace } from "../../shell/place";
import { useDownload } from "../transfer/useDownload";
import { AuthorName } from "./AuthorName";
import { type Held, held, Snapshot } from "./Snapshot";
import { many, versionsPath } from "./words";

const Restore = late(async () => (await import("./acts")).Restore);
const NewBranch = late(async () => (await import("./acts")).NewBranch);

/** What is read before the page is shown. */
export const load = ({ projectId = "", commitId = "" }: Record<string, string>) => queries.ensureQueryData(commit(projectId, commitId));

/** An old commit: what it holds, what it changed, and what can be taken from it. */
export function Page() {
  const place = usePlace();
  const read = useQuery(commit(place.projectId, useParam("commitId")));
  if (!read.data) {
    return (
      <>
        <Head crumbs={crumbs(place)} title="Commit" />
        {read.error ? <Trouble error={read.error} again={() => void read.refetch()} /> : <Loading of={read} height={320} />}
      </>
    );
  }
  return <Shown key={read.data.id} place={place} found={read.data} />;
}

const crumbs = (place: Place) => [{ label: "Versions", to: versionsPath(place) }, { label: "Commits", to: versionsPath(place, "commits") }];

function Shown({ place, found }: { place: Place; found: CommitDetail }) {
  const navigate = useNavigate();
  const changed = useQuery(commitChanges(place.projectId, found.id));
  const rows = useMemo(() => held(found, changed.data?.items ?? []), [found, changed.data]);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [restoring, restore] = useDisclosure();
  const wanted = rows.filter((row) => row.there && chosen.has(row.id));
  return (
    <>
      <Head crumbs={crumbs(place)} title={found.message} label={found.running ? <Badge variant="light" tt="none" fw={600} leftSection={<IconPlayerPlay size={12} aria-hidden />}>Running</Badge> : undefined} purpose={<About found={found} />}>
        <Acts place={place} found={found} />
      </Head>
      <Allowed right="resource:write">
        <Button mb="sm" size="xs" variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} disabled={wanted.length === 0} onClick={restore.open}>
          {wanted.length === 0 ? "Choose what to restore" : `Restore ${many(wanted.length, "resource")}…`}
        </Button>
      </Allowed>
      <Snapshot place={place} commitId={found.id} rows={rows} waiting={changed.isPending} chosen={chosen} onChoose={setChosen} />
      {restoring && <Restore place={place} from={found} resources={wanted.map(nameOf)} onClose={restore.close} onDone={() => void navigate({ to: versionsPath(place) })} />}
    </>
  );
}

const nameOf = ({ id, name }: Held) => ({ id, name });

function About({ found }: { found: CommitDetail }) {
  return (
    <>
      Commit {found.number} on {found.branch}
      {found.branchDeleted && " (deleted)"}, by <AuthorName author={found.author} />, <When at={found.createdAt} />.
    </>
  );
}

function Acts({ place, found }: { place: Place; found: CommitDetail }) {
  const [branching, { open, close }] = useDisclosure();
  const archive = useDownload();
  return (
    <>
      <Allowed right="resource:write">
        <Button variant="default" leftSection={<IconGitBranch size={16} aria-hidden />} onClick={open}>
          Branch from it…
        </Button>
      </Allowed>
      {found.branch !== place.branch && (
        <Button variant="default" leftSection={<IconGitMerge size={16} aria-hidden />} component={Way} href={versionsPath(place, `bring?commit=${found.id}`)}>
          Bring into {place.branch}…
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={archive.isPending}
        onClick={() => archive.mutate({ read: () => exportCommit(place.projectId, found.id), name: fileName(["project", found.branch, String(found.number)], "tar.gz") })}
      >
        Export
      </Button>
      {!found.running && (
        <Allowed right="policy:write">
          <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} component={Way} href={`/projects/${place.projectId}/policy?commit=${found.id}`}>
            Let it run…
          </Button>
        </Allowed>
      )}
      {branching && <NewBranch place={place} from={{ words: `commit ${found.number} of ${found.branch}`, fromCommitId: found.id }} onClose={close} />}
    </>
  );
}
