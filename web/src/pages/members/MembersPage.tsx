import { Button, Stack, Text } from "@mantine/core";
import { IconKey, IconPlus, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useList } from "../../api/list";
import { type Member, members, membersKey, projectTokens, projectTokensKey, revokeProjectToken } from "../../api/members";
import { useMay } from "../../api/me";
import { usePlaceNames } from "../../api/tenancy";
import { late } from "../../components/Late";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { Guard } from "../../components/Guard";
import { Head } from "../../components/Head";
import { Part } from "../../components/Part";
import { Rows } from "../../components/Rows";
import { TokenRows } from "../../components/TokenRows";
import { queries } from "../../queries";
import { useParam } from "../../shell/place";
import { EMPTY, NO_TOKENS, PURPOSE, TOKENS } from "../../texts/members";
import { columns } from "./columns";
import { MemberMenu } from "./MemberMenu";

const AddMember = late(async () => (await import("./acts")).AddMember);
const ChangeMember = late(async () => (await import("./acts")).ChangeMember);
const RemoveMember = late(async () => (await import("./acts")).RemoveMember);

/** What is read before the page is shown. */
export const load = ({ projectId = "" }: Record<string, string>) => queries.ensureInfiniteQueryData(members(projectId));

/** What is asked: of whom, and what. */
type Asked = { about: "add" } | { about: "change" | "remove"; member: Member };

/** Who may do what in the project. */
export function Page() {
  return (
    <Guard right="member:manage" may={useMay("member:manage")} title="Members">
      <Members />
    </Guard>
  );
}

function Members() {
  const projectId = useParam("projectId");
  const list = useList(members(projectId));
  const nameOf = usePlaceNames();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const changed = () => {
    close();
    // the own rights may be others now
    void queries.invalidateQueries({ queryKey: ["me"] });
    return queries.invalidateQueries({ queryKey: membersKey(projectId) });
  };
  const add = (
    <Allowed right="member:manage">
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAsked({ about: "add" })}>
        Add member
      </Button>
    </Allowed>
  );
  const menu = (member: Member) => <MemberMenu member={member} ask={(about) => setAsked({ about, member })} />;
  return (
    <>
      <Head title="Members" purpose={PURPOSE}>
        {add}
      </Head>
      <Stack gap="xl">
        <div>
          <Rows
            label="Members"
            list={list}
            columns={columns(nameOf)}
            id={(member) => `${member.userId} ${member.level}`}
            menu={menu}
            empty={
              <Empty icon={IconUsers} title="No member yet" action={add}>
                {EMPTY}
              </Empty>
            }
          />
        </div>
        <ProjectTokens projectId={projectId} />
      </Stack>
      {asked?.about === "add" && <AddMember projectId={projectId} onClose={close} done={changed} />}
      {asked?.about === "change" && <ChangeMember member={asked.member} place={nameOf(asked.member.targetId)} onClose={close} done={changed} />}
      {asked?.about === "remove" && <RemoveMember member={asked.member} onClose={close} done={changed} />}
    </>
  );
}

function ProjectTokens({ projectId }: { projectId: string }) {
  const list = useList(projectTokens(projectId));
  return (
    <Part title="Project tokens">
      <Text size="sm" c="dimmed" maw={720}>
        {TOKENS}
      </Text>
      <TokenRows
        list={list}
        owner
        revoke={(token) => revokeProjectToken(projectId, token.id)}
        changed={() => void queries.invalidateQueries({ queryKey: projectTokensKey(projectId) })}
        empty={
          <Empty icon={IconKey} title="No token of this project">
            {NO_TOKENS}
          </Empty>
        }
      />
    </Part>
  );
}
