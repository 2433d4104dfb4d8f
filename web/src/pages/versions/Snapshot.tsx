import { Text } from "@mantine/core";
import { IconGitCommit } from "@tabler/icons-react";
import { there } from "../../api/list";
import type { CommitDetail, CommittedChange } from "../../api/versions";
import { Empty } from "../../components/Empty";
import { NameLink } from "../../components/NameLink";
import { type Column, Rows } from "../../components/Rows";
import { State } from "../../components/State";
import type { Place } from "../../shell/place";
import { EMPTY_COMMIT } from "../../texts/versions";
import { kindWord, versionsPath } from "./words";

/** A resource that a commit holds or removed. */
export interface Held {
  id: string;
  kind: string;
  name: string;
  /** `added`, `changed` or `removed` by it; nothing where it is as it was. */
  change: string | undefined;
  /** Whether it holds it. */
  there: boolean;
}

/** What a commit holds and what it removed: what it changed first, then by name. */
export function held(commit: CommitDetail, changes: CommittedChange[]): Held[] {
  const by = new Map(changes.map((one) => [one.resourceDefinitionId, one.change]));
  const there = commit.resources.map(({ resourceDefinitionId: id, kind, name }) => ({ id, kind, name, change: by.get(id), there: true }));
  const gone = changes.filter((one) => one.change === "removed");
  const all = [...there, ...gone.map(({ resourceDefinitionId: id, kind, name }) => ({ id, kind, name, change: "removed", there: false }))];
  return all.toSorted((a, b) => Number(b.change !== undefined) - Number(a.change !== undefined) || a.name.localeCompare(b.name, "en", { numeric: true }));
}

const columns = (place: Place, commitId: string, waiting: boolean): Column<Held>[] => [
  { head: "Name", cell: (row) => <NameLink to={versionsPath(place, "commits", commitId, row.id)}>{row.name}</NameLink> },
  { head: "Kind", width: "140px", from: "sm", cell: (row) => <Text size="sm">{kindWord(row.kind)}</Text> },
  { head: "In this commit", width: "140px", cell: (row) => (row.change ? <State state={row.change} /> : <Text size="sm">{waiting ? "" : "–"}</Text>) },
];

interface SnapshotProps {
  place: Place;
  commitId: string;
  rows: Held[];
  /** What it changed is not read yet. */
  waiting: boolean;
  chosen: Set<string>;
  onChoose: (chosen: Set<string>) => void;
}

/** The resources of a commit. */
export function Snapshot({ place, commitId, rows, waiting, chosen, onChoose }: SnapshotProps) {
  return (
    <Rows
      label="Resources of the commit"
      list={there(rows)}
      columns={columns(place, commitId, waiting)}
      id={(row) => row.id}
      chosen={chosen}
      name={(row) => row.name}
      onChoose={onChoose}
      empty={
        <Empty icon={IconGitCommit} title="An empty commit">
          {EMPTY_COMMIT}
        </Empty>
      }
    />
  );
}
