import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { AuditEntry } from "../../api/audit";
import { Id } from "../../components/Id";
import type { Column } from "../../components/Rows";
import { When } from "../../components/When";
import { actionWord } from "../../texts/audit";
import { targetOf } from "./target";

/** What the columns need of the page. */
export interface AuditColumns {
  branch: string;
  /** The e-mails of users. */
  people: Map<string, string>;
  /** Shows only what this user did. */
  only: (userId: string) => void;
  show: (entry: AuditEntry) => void;
}

/** The columns of the audit. */
export function columns({ branch, people, only, show }: AuditColumns): Column<AuditEntry>[] {
  return [
    {
      head: "What",
      cell: (entry) => (
        <>
          <Anchor component="button" type="button" size="sm" fw={500} onClick={() => show(entry)} ta="left">
            {actionWord(entry.action)}
          </Anchor>
          <Text size="xs" c="dimmed" hiddenFrom="sm" style={{ overflowWrap: "anywhere" }}>
            <bdi>{entry.email}</bdi>
          </Text>
        </>
      ),
    },
    { head: "Which", width: "260px", from: "sm", cell: (entry) => <Target entry={entry} branch={branch} people={people} /> },
    { head: "Who", width: "220px", from: "sm", cell: (entry) => <Who entry={entry} only={only} /> },
    { head: "When", width: "140px", cell: (entry) => <When at={entry.at} /> },
    { head: "From", width: "140px", from: "md", cell: (entry) => entry.sourceAddress ?? "–" },
  ];
}

/** The thing, with a link where it has a page; its id where nothing else is known of it. */
export function Target({ entry, branch, people }: { entry: AuditEntry; branch: string; people: Map<string, string> }) {
  const { name, to } = targetOf(entry, branch, people);
  if (name === entry.target && !to) return <Id value={name} />;
  const shown = name === entry.target && name.length > 20 ? `${name.slice(0, 8)}…${name.slice(-6)}` : name;
  const text = (
    <Text size="sm" truncate title={name} span display="block" inherit={to !== undefined}>
      <bdi>{shown}</bdi>
    </Text>
  );
  if (!to) return text;
  return (
    <Anchor component={Link} to={to} size="sm" display="block">
      {text}
    </Anchor>
  );
}

/** The user; a click shows only theirs. */
function Who({ entry, only }: { entry: AuditEntry; only: (userId: string) => void }) {
  const { userId } = entry;
  if (userId === null) return <Text size="sm">{entry.action === "session.refuse" ? "Somebody" : "Forebay"}</Text>;
  const text = entry.email ?? userId;
  return (
    <Anchor component="button" type="button" size="sm" onClick={() => only(userId)} title={`Only what ${text} did`} ta="left" maw="100%" display="block" truncate="end">
      <bdi>{text}</bdi>
    </Anchor>
  );
}
