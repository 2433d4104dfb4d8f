import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { revokeToken, tokens, tokensKey } from "../../api/account";
import { useList } from "../../api/list";
import type { Me } from "../../api/me";
import { late } from "../../components/Late";
import { Empty } from "../../components/Empty";
import { Part } from "../../components/Part";
import { TokenRows } from "../../components/TokenRows";
import { queries } from "../../queries";
import { NO_TOKENS, TOKENS } from "../../texts/account";

const NewToken = late(async () => (await import("./NewToken")).NewToken);

/** The person's tokens. */
export function Tokens({ me }: { me: Me }) {
  const list = useList(tokens());
  const [opened, { open, close }] = useDisclosure();
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      New token
    </Button>
  );
  return (
    <Part title="Personal tokens" name="tokens">
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={720}>
          {TOKENS}
        </Text>
        {list.rows.length > 0 && make}
      </Group>
      <TokenRows
        list={list}
        revoke={(token) => revokeToken(token.id)}
        changed={() => void queries.invalidateQueries({ queryKey: tokensKey })}
        empty={
          <Empty icon={IconKey} title="No token yet" action={make}>
            {NO_TOKENS}
          </Empty>
        }
      />
      {opened && <NewToken me={me} onClose={close} />}
    </Part>
  );
}
