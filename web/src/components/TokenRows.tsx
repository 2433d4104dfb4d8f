import { Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Menu } from "./Menu";
import { Tooltip } from "./Tooltip";
import type { Token } from "../api/account";
import { type ListState } from "../api/list";
import { usePlaceNames } from "../api/tenancy";
import { tokenState } from "../pages/account/expiry";
import { REVOKE } from "../texts/account";
import { RIGHTS } from "../texts/rights";
import { Confirm } from "./Confirm";
import { RowMenu } from "./RowMenu";
import { type Column, Rows } from "./Rows";
import { State } from "./State";
import { When } from "./When";

/** What a list of tokens is drawn of. `owner`: whether it says whose each is, instead of which project it opens. */
export interface TokenRowsProps {
  list: ListState<Token>;
  owner?: boolean;
  revoke: (token: Token) => Promise<unknown>;
  changed: () => void;
  empty: ReactNode;
}

/** Tokens, without their texts. */
export function TokenRows({ list, owner = false, revoke, changed, empty }: TokenRowsProps) {
  const nameOf = usePlaceNames();
  const [asked, setAsked] = useState<Token>();
  const act = useMutation({ mutationFn: revoke, onSuccess: () => setAsked(undefined), onSettled: changed });
  const menu = (token: Token) =>
    token.revokedAt === null ? (
      <RowMenu of={token.name}>
        <Menu.Item
          color="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => {
            act.reset();
            setAsked(token);
          }}
        >
          Revoke
        </Menu.Item>
      </RowMenu>
    ) : null;
  return (
    <>
      <Rows label="Tokens" list={list} columns={columns(owner, nameOf)} id={(token) => token.id} menu={menu} empty={empty} />
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Revoke this token?"
        act="Revoke"
        busy={act.isPending}
        error={act.error}
        onConfirm={() => asked && act.mutate(asked)}
      >
        <b>
          <bdi>{asked?.name}</bdi>
        </b>
        : {REVOKE}
      </Confirm>
    </>
  );
}

function columns(owner: boolean, nameOf: (id: string) => string): Column<Token>[] {
  const whose: Column<Token> = { head: "User", width: "200px", from: "sm", cell: (token) => <Cut text={token.email} /> };
  const which: Column<Token> = { head: "Project", width: "160px", from: "sm", cell: (token) => <Cut text={token.projectId ? nameOf(token.projectId) : "All"} /> };
  return [
    { head: "Name", cell: (token) => <Cut text={token.name} strong /> },
    { head: "State", width: "110px", cell: (token) => <State state={tokenState(token, Date.now())} /> },
    owner ? whose : which,
    { head: "May", width: "170px", from: "md", cell: (token) => <Scopes scopes={token.scopes} /> },
    { head: "Expires", width: "130px", from: "md", cell: (token) => (token.expiresAt ? <When at={token.expiresAt} /> : "Never") },
    { head: "Last used", width: "130px", from: "sm", cell: (token) => <When at={token.lastUsedAt} /> },
  ];
}

function Cut({ text, strong = false }: { text: string; strong?: boolean }) {
  return (
    <Text size="sm" truncate title={text} {...(strong ? { fw: 500 } : {})}>
      <bdi>{text}</bdi>
    </Text>
  );
}

function Scopes({ scopes }: { scopes: string[] }) {
  if (scopes.includes("admin")) return <>All of its user</>;
  const words: Record<string, string> = RIGHTS;
  const [first = ""] = scopes;
  return (
    <Tooltip label={scopes.map((scope) => words[scope] ?? scope).join(" · ")} multiline maw={340} events={{ hover: true, focus: true, touch: true }}>
      <Text size="sm" truncate tabIndex={0} span display="block">
        {scopes.length === 1 ? (words[first] ?? first) : `${scopes.length} rights`}
      </Text>
    </Tooltip>
  );
}
