import { Badge, Button, Group, Text } from "@mantine/core";
import { IconLogout, IconUser } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Menu } from "../../components/Menu";
import { type Session, endOthers, endSession, sessions, sessionsKey } from "../../api/account";
import { useList } from "../../api/list";
import { Confirm } from "../../components/Confirm";
import { Empty } from "../../components/Empty";
import { Part } from "../../components/Part";
import { RowMenu } from "../../components/RowMenu";
import { type Column, Rows } from "../../components/Rows";
import { When } from "../../components/When";
import { queries } from "../../queries";
import { END_OTHERS, END_SESSION, SESSIONS } from "../../texts/account";
import { browserName } from "./agent";

const COLUMNS: Column<Session>[] = [
  {
    head: "Browser",
    cell: (session) => (
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" truncate title={session.userAgent ?? ""}>
          <bdi>{browserName(session.userAgent)}</bdi>
        </Text>
        {session.current && (
          <Badge variant="light" tt="none" style={{ flex: "none" }}>
            This one
          </Badge>
        )}
      </Group>
    ),
  },
  { head: "From", width: "160px", from: "sm", cell: (session) => session.sourceAddress ?? "–" },
  { head: "Signed in", width: "150px", from: "sm", cell: (session) => <When at={session.createdAt} /> },
  { head: "Last used", width: "150px", cell: (session) => <When at={session.lastUsedAt} /> },
  { head: "Ends", width: "130px", from: "md", cell: (session) => <When at={session.expiresAt} /> },
];

/** What is signed in as the person. This session is ended by signing out. */
export function Sessions() {
  const list = useList(sessions());
  const [asked, setAsked] = useState<Session | "others">();
  const end = useMutation({
    mutationFn: async (which: Session | "others") => {
      if (which === "others") await endOthers();
      else await endSession(which.id);
    },
    onSuccess: () => setAsked(undefined),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
  });
  const ask = (which: Session | "others") => {
    end.reset();
    setAsked(which);
  };
  const menu = (session: Session) =>
    session.current ? null : (
      <RowMenu of={browserName(session.userAgent)}>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => ask(session)}>
          End session
        </Menu.Item>
      </RowMenu>
    );
  const others = list.rows.some((session) => !session.current);
  return (
    <Part title="Sessions" name="sessions">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {SESSIONS}
        </Text>
        {others && (
          <Button variant="default" onClick={() => ask("others")}>
            End all others
          </Button>
        )}
      </Group>
      <Rows label="Sessions" list={list} columns={COLUMNS} id={(session) => session.id} menu={menu} empty={<NoSession />} />
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={asked === "others" ? "End all other sessions?" : "End this session?"}
        act={asked === "others" ? "End all others" : "End session"}
        busy={end.isPending}
        error={end.error}
        onConfirm={() => asked && end.mutate(asked)}
      >
        {asked === "others" ? END_OTHERS : END_SESSION}
      </Confirm>
    </Part>
  );
}

function NoSession() {
  return (
    <Empty icon={IconUser} title="No session">
      You are signed in by a token, not by a browser.
    </Empty>
  );
}
