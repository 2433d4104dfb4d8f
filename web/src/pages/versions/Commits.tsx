import { Button, Text } from "@mantine/core";
import { IconGitCommit } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useList } from "../../api/list";
import { type Commit, commits } from "../../api/versions";
import { Empty } from "../../components/Empty";
import { NameLink } from "../../components/NameLink";
import { type Column, Rows } from "../../components/Rows";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { NO_COMMIT } from "../../texts/versions";
import { AuthorName } from "./AuthorName";
import { versionsPath } from "./words";

const columns = (place: Place): Column<Commit>[] => [
  { head: "No.", width: "52px", number: true, cell: (commit) => commit.number },
  {
    head: "Message",
    cell: (commit) => (
      <>
        <NameLink to={versionsPath(place, "commits", commit.id)}>{commit.message}</NameLink>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          <AuthorName author={commit.author} />, <When at={commit.createdAt} />
        </Text>
      </>
    ),
  },
  { head: "Author", width: "180px", from: "sm", cell: (commit) => <Text size="sm"><AuthorName author={commit.author} /></Text> },
  { head: "Time", width: "150px", from: "sm", cell: (commit) => <When at={commit.createdAt} /> },
];

/** The commits of a branch. */
export function Commits({ place }: { place: Place }) {
  const list = useList(commits(place));
  return (
    <Rows
      label="Commits"
      list={list}
      columns={columns(place)}
      id={(commit) => commit.id}
      empty={
        <Empty
          icon={IconGitCommit}
          title="No commit yet"
          action={
            <Button component={Link} to={versionsPath(place)}>
              To the work in progress
            </Button>
          }
        >
          {NO_COMMIT}
        </Empty>
      }
    />
  );
}
