import { Anchor, Badge, Group, Paper, Text, Title } from "@mantine/core";
import { IconPin, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ActivePolicy } from "../../api/policy";
import { commit } from "../../api/versions";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { NOTHING_RUNS } from "../../texts/policy";
import { versionsPath } from "../versions/words";
import { Loading } from "../../components/Silence";

/** What runs now. */
export function Now({ place, policy }: { place: Place; policy: ActivePolicy }) {
  const running = useQuery({ ...commit(place.projectId, policy.runningCommitId ?? ""), enabled: policy.runningCommitId !== null });
  const pinned = policy.kind === "pinned";
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="now">
      <Group gap="sm" mb={4}>
        <Title order={2} id="now">
          Running now
        </Title>
        <Badge variant="light" tt="none" fw={600} leftSection={pinned ? <IconPin size={12} aria-hidden /> : <IconRefresh size={12} aria-hidden />}>
          {pinned ? "Pinned" : `Latest on ${policy.branch}`}
        </Badge>
      </Group>
      {policy.runningCommitId === null && <Text size="sm">{NOTHING_RUNS}</Text>}
      {running.isLoading && <Loading of={running} height={20} width="50%" />}
      {running.data && (
        <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Anchor size="sm" underline="always" component={Link} to={versionsPath({ ...place, branch: running.data.branch }, "commits", running.data.id)}>
            Commit {running.data.number}: {running.data.message}
          </Anchor>
          , on {running.data.branch}, made <When at={running.data.createdAt} />
        </Text>
      )}
      <Text size="sm" c="dimmed" component="div">
        Chosen <When at={policy.updatedAt} />
      </Text>
    </Paper>
  );
}
