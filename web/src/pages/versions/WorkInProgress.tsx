import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type Change, changes, type CommitMade } from "../../api/versions";
import { late } from "../../components/Late";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { NameLink } from "../../components/NameLink";
import { type Column, Rows } from "../../components/Rows";
import { State } from "../../components/State";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { NOTHING_CHANGED } from "../../texts/versions";
import { AuthorName } from "./AuthorName";
import { CommitForm } from "./CommitForm";
import { CommitResult } from "./CommitResult";
import { kindWord, versionsPath } from "./words";

const Discard = late(async () => (await import("./Discard")).Discard);

const columns = (place: Place): Column<Change>[] => [
  {
    head: "Name",
    cell: (change) => (
      <NameLink to={versionsPath(place, "changes", change.resourceDefinitionId)}>{change.name}</NameLink>
    ),
  },
  { head: "Kind", width: "140px", from: "sm", cell: (change) => <Text size="sm">{kindWord(change.kind)}</Text> },
  { head: "Change", width: "130px", cell: (change) => <State state={change.change} /> },
  {
    head: "Changed by",
    width: "240px",
    from: "md",
    cell: (change) => (
      <Text size="sm">
        <AuthorName author={change.changedBy} />
        {change.changedAt && (
          <>
            , <When at={change.changedAt} />
          </>
        )}
      </Text>
    ),
  },
];

const byName = (a: Change, b: Change) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name, "en", { numeric: true });

const nameOf = (change: Change) => ({ id: change.resourceDefinitionId, name: change.name });

/** What changed since the last commit: looked at, chosen, committed, discarded. */
export function WorkInProgress({ place }: { place: Place }) {
  const read = useQuery(changes(place));
  // what is not wished is remembered, so that a change that comes meanwhile is taken like the others
  const [left, setLeft] = useState<Set<string>>(new Set());
  const [made, setMade] = useState<CommitMade>();
  const rows = useMemo(() => (read.data?.value.items ?? []).toSorted(byName), [read.data]);
  const taken = rows.filter((row) => !left.has(row.resourceDefinitionId));
  const chosen = taken.map((row) => row.resourceDefinitionId);
  const [discarding, { open, close }] = useDisclosure();
  const choose = (ids: Set<string>) => setLeft(new Set(rows.map((row) => row.resourceDefinitionId).filter((id) => !ids.has(id))));
  return (
    <Stack gap="md">
      {made && <CommitResult place={place} made={made} onClose={() => setMade(undefined)} />}
      {rows.length > 0 && (
        <CommitForm place={place} etag={read.data?.etag ?? ""} chosen={chosen} all={rows.length} onMade={setMade}>
          <Allowed right="resource:write">
            <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} disabled={chosen.length === 0} onClick={open}>
              Discard…
            </Button>
          </Allowed>
        </CommitForm>
      )}
      <Rows
        label="Work in progress"
        list={{ rows, first: read.isPending, error: read.error, more: false, reading: false, asked: read, goOn: () => undefined, again: () => void read.refetch() }}
        columns={columns(place)}
        id={(change) => change.resourceDefinitionId}
        chosen={new Set(chosen)}
        name={(change) => change.name}
        onChoose={choose}
        empty={
          <Empty
            icon={IconCircleCheck}
            title="Nothing to commit"
            action={
              <Button variant="default" component={Link} to={`/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/processes`}>
                To the processes
              </Button>
            }
          >
            {NOTHING_CHANGED}
          </Empty>
        }
      />
      {discarding && <Discard place={place} resources={taken.map(nameOf)} onClose={close} onDone={close} />}
    </Stack>
  );
}
