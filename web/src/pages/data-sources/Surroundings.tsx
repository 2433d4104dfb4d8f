import { Anchor, Button, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DataSource } from "../../api/dataSources";
import { type Use, triggersBySource } from "../../api/uses";
import { State } from "../../components/State";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { NOT_RUNNING, NOT_USED } from "../../texts/dataSources";
import { processPath } from "./UsedBy";

/** Who uses a data source, and its trigger. */
export function Surroundings({ place, source }: { place: Place; source: DataSource }) {
  return (
    <>
      <Users place={place} users={source.usedBy} />
      <OwnTrigger place={place} source={source} />
    </>
  );
}

function Users({ place, users }: { place: Place; users: Use[] }) {
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="used-by">
      <Stack gap="xs">
        <Title order={2} id="used-by">
          Used by
        </Title>
        {users.length > 0 && (
          <List size="sm" listStyleType="none">
            {users.map((use) => (
              <List.Item key={use.id}>
                <Anchor size="sm" component={Link} to={processPath(place, use.id)}>
                  {use.name}
                </Anchor>
              </List.Item>
            ))}
          </List>
        )}
        {users.length === 0 && (
          <>
            <Text size="sm" c="dimmed">
              {NOT_USED}
            </Text>
            <Group>
              <Button size="xs" component={Link} to={`/projects/${place.projectId}/branches/${place.branch}/processes`}>
                To the processes
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function OwnTrigger({ place, source }: { place: Place; source: DataSource }) {
  const found = useQuery(triggersBySource(place.projectId));
  const trigger = found.data?.get(source.resourceDefinitionId);
  // before a process selects it there is nothing to commit for
  const used = source.usedBy.length > 0;
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="trigger">
      <Stack gap="xs">
        <Title order={2} id="trigger">
          Trigger
        </Title>
        {found.isPending && <Loading of={found} height={20} width="40%" />}
        <Trouble error={found.error} again={() => void found.refetch()} />
        {trigger && (
          <Group justify="space-between">
            <State state={trigger.state} />
            <Anchor size="sm" component={Link} to={`/projects/${place.projectId}/triggers`}>
              Manage Triggers
            </Anchor>
          </Group>
        )}
        {found.isSuccess && !trigger && (
          <>
            <Text size="sm" c="dimmed">
              {NOT_RUNNING}
            </Text>
            {used && (
              <Group>
                <Button size="xs" component={Link} to={`/projects/${place.projectId}/branches/${place.branch}/versions`}>
                  To the versions
                </Button>
              </Group>
            )}
          </>
        )}
      </Stack>
    </Paper>
  );
}
