import { Group, type SelectProps, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Select } from "../../components/Select";
import { useList } from "../../api/list";
import { type Commit, commit, projectCommits } from "../../api/versions";
import { relative } from "../../components/time";

interface CommitSelectProps {
  projectId: string;
  value: string | null;
  onChange: (commitId: string | null) => void;
}

/** One commit of the project, to be found by its number, message or branch. Older ones are read as the list is scrolled. */
export function CommitSelect({ projectId, value, onChange }: CommitSelectProps) {
  const list = useList(projectCommits(projectId));
  const own = useQuery({ ...commit(projectId, value ?? ""), enabled: value !== null });
  const all = useMemo(() => {
    const rows = new Map(list.rows.map((row) => [row.id, row]));
    // one that was chosen elsewhere may be older than what was read
    if (own.data && !rows.has(own.data.id)) rows.set(own.data.id, own.data);
    return rows;
  }, [list.rows, own.data]);
  return (
    <Select
      label="Commit"
      placeholder="Number, message or branch"
      data={[...all.values()].map((row) => ({ value: row.id, label: words(row) }))}
      value={value}
      onChange={onChange}
      comboboxProps={{ withinPortal: false }}
      searchable
      withScrollArea
      limit={200}
      maxDropdownHeight={320}
      nothingFoundMessage={list.first ? "Reading…" : "No commit of these words"}
      renderOption={option(all)}
      scrollAreaProps={{ onBottomReached: list.goOn }}
      error={list.error?.message}
    />
  );
}

/** "4 · Payments · main". */
function words(row: Commit): string {
  return `${row.number} · ${row.message} · ${row.branch}`;
}

const option =
  (all: Map<string, Commit>): NonNullable<SelectProps["renderOption"]> =>
  ({ option: { value } }) => {
    const row = all.get(value);
    if (!row) return null;
    return (
      <Group justify="space-between" wrap="nowrap" w="100%" gap="md">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {words(row)}
        </Text>
        <Text size="xs" style={{ flex: "none" }}>
          {relative(row.createdAt, Date.now())}
        </Text>
      </Group>
    );
  };
