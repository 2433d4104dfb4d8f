import { Button, Group, Paper, Text } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../../components/Confirm";
import { Trouble } from "../../components/Trouble";
import { CHOOSE, DISMISS_MANY, REFUSED_STAY } from "../../texts/failedTriggers";
import { useMany } from "./useMany";

/** The most that can be named one by one; for more there are the groups. */
const MOST = 1_000;

/** What to do with the chosen rows. It is there before the first is chosen: no row moves under the pointer that chooses it. */
export function ChosenBar({ projectId, chosen, clear }: { projectId: string; chosen: ReadonlySet<string>; clear: () => void }) {
  const [asking, setAsking] = useState(false);
  const many = useMany(projectId, () => {
    setAsking(false);
    clear();
  });
  const none = chosen.size === 0;
  const ids = [...chosen].slice(0, MOST);
  const what = `${ids.length.toLocaleString("en")} failed ${ids.length === 1 ? "trigger" : "triggers"}`;
  return (
    <Paper withBorder p="xs" mb="sm" radius="md" role="region" aria-label="Chosen rows">
      <Group gap="sm">
        <Text size="sm" fw={none ? 400 : 600} role="status" miw={190} {...(none ? { c: "dimmed" } : {})}>
          {none ? CHOOSE : `${what} chosen`}
        </Text>
        <Button size="xs" disabled={none} leftSection={<IconRefresh size={14} aria-hidden />} loading={many.isPending && !asking} onClick={() => many.mutate({ act: "retry", chosen: { ids } })}>
          Retry
        </Button>
        <Button size="xs" variant="default" disabled={none} leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setAsking(true)}>
          Dismiss
        </Button>
        <Button size="xs" variant="subtle" disabled={none} onClick={clear}>
          Choose none
        </Button>
        <Text size="xs" c="dimmed">
          {REFUSED_STAY}
        </Text>
      </Group>
      {!asking && <Trouble error={many.error} />}
      <Confirm opened={asking} onClose={() => setAsking(false)} title={`Dismiss ${what}?`} act="Dismiss" busy={many.isPending} error={many.error} onConfirm={() => many.mutate({ act: "dismiss", chosen: { ids } })}>
        {DISMISS_MANY}
      </Confirm>
    </Paper>
  );
}
