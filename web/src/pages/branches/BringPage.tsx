import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "../../components/Select";
import { bringPreview, type From } from "../../api/branches";
import { branches } from "../../api/projects";
import { commit } from "../../api/versions";
import { Head } from "../../components/Head";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { type Place, usePlace } from "../../shell/place";
import { BRING_PURPOSE } from "../../texts/branches";
import { versionsPath } from "../versions/words";
import { Bring } from "./Bring";

/** What is read before the page is shown. */
export const load = ({ projectId = "" }: Record<string, string>) => queries.ensureQueryData(branches(projectId));

/** Brings another branch's commit into the work in progress, resource by resource. */
export function Page() {
  const place = usePlace();
  const { from, commit: commitId } = useSearch({ strict: false }) as { from?: string; commit?: string };
  const source: From | undefined = commitId ? { commitId } : from ? { fromBranch: from } : undefined;
  return (
    <>
      <Head crumbs={[{ label: "Versions", to: versionsPath(place) }]} title={`Bring into ${place.branch}`} purpose={BRING_PURPOSE} />
      <Source place={place} from={from} commitId={commitId} />
      {source && <Compared key={JSON.stringify(source)} place={place} source={source} />}
    </>
  );
}

function Source({ place, from, commitId }: { place: Place; from: string | undefined; commitId: string | undefined }) {
  const navigate = useNavigate();
  const known = useQuery(branches(place.projectId));
  const own = useQuery({ ...commit(place.projectId, commitId ?? ""), enabled: commitId !== undefined });
  const others = (known.data?.items ?? []).filter((one) => one.name !== place.branch);
  return (
    <Group align="flex-end" mb="md">
      <Select
        label="From the last commit of"
        placeholder="Choose a branch"
        data={others.map((one) => ({ value: one.name, label: one.name, disabled: one.headCommitId === null }))}
        value={commitId ? null : (from ?? null)}
        onChange={(name) => name && void navigate({ href: versionsPath(place, `bring?from=${encodeURIComponent(name)}`) })}
        comboboxProps={{ withinPortal: false }}
        searchable
        nothingFoundMessage={others.length === 0 ? "There is no other branch yet" : "No branch of this name"}
        w={280}
      />
      {own.data && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          Commit {own.data.number} of {own.data.branch}: {own.data.message}
        </Text>
      )}
      <Trouble error={known.error ?? own.error} />
    </Group>
  );
}

function Compared({ place, source }: { place: Place; source: From }) {
  const read = useQuery({ ...bringPreview(place, source), refetchOnWindowFocus: false });
  if (read.data) return <Bring key={read.data.etag} place={place} preview={read.data} />;
  if (read.error) return <Trouble error={read.error} again={() => void read.refetch()} />;
  return <Loading of={read} height={240} />;
}
