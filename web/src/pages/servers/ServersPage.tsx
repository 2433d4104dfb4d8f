import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconServer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Servers, servers } from "../../api/servers";
import { whole } from "../../api/list";
import { Empty } from "../../components/Empty";
import { Facts } from "../../components/Facts";
import { Head } from "../../components/Head";
import { Rows } from "../../components/Rows";
import { queries } from "../../queries";
import { NONE, NO_RUNNER, NOT_CURRENT, PURPOSE } from "../../texts/servers";
import { COLUMNS } from "./columns";
import { liveOn, span } from "./words";

export const load = () => queries.ensureQueryData(servers());

/** The running processes of the installation. */
export function Page() {
  const told = useQuery(servers());
  const items = useQuery({ ...servers(), select: (all) => all.items });
  return (
    <>
      <Head title="Servers" purpose={PURPOSE} />
      <Stack gap="md">
        {told.data && <Backlog told={told.data} />}
        <Rows label="Servers" list={whole(items)} columns={COLUMNS} id={(server) => server.id} empty={<Empty icon={IconServer} title="No server is known">{NONE}</Empty>} />
      </Stack>
    </>
  );
}

function Backlog({ told }: { told: Servers }) {
  const live = liveOn(told);
  return (
    <>
      {told.waiting === null && <Warning text={NO_RUNNER} />}
      {told.currentGateways < told.gateways && <Warning text={NOT_CURRENT} />}
      <Facts
        facts={[
          ["Triggers, keys and states are live on", live.text],
          ["Events waiting to start", told.waiting === null ? "Not measured" : told.waiting.toLocaleString("en")],
          ["The oldest has waited", told.waiting ? span(told.oldestWaitingMs ?? 0) : "–"],
          ["Instances started a second", told.startedPerSecond.toLocaleString("en")],
        ]}
      />
    </>
  );
}

function Warning({ text }: { text: string }) {
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} role="status">
      <Text size="sm">{text}</Text>
    </Alert>
  );
}
