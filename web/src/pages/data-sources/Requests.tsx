import { Anchor, Group, Paper, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lastEvents } from "../../api/dataSources";
import { State } from "../../components/State";
import { Trouble } from "../../components/Trouble";
import { Way } from "../../components/Way";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { NO_REQUESTS } from "../../texts/dataSources";

/** The last requests of a data source. */
export function Requests({ place, id }: { place: Place; id: string }) {
  const found = useQuery(lastEvents(place.projectId, id));
  const events = found.data?.items ?? [];
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="requests">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="requests">
            Last requests
          </Title>
          {events.length > 0 && (
            <Anchor size="sm" component={Way} href={`/projects/${place.projectId}/events?dataSourceId=${id}`}>
              All
            </Anchor>
          )}
        </Group>
        {found.isPending && <Skeleton height={60} aria-label="Loading" />}
        <Trouble error={found.error} again={() => void found.refetch()} />
        {found.isSuccess && events.length === 0 && (
          <Text size="sm" c="dimmed">
            {NO_REQUESTS}
          </Text>
        )}
        {events.length > 0 && (
          <Table aria-label="Last requests" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Time</Table.Th>
                <Table.Th>Event</Table.Th>
                <Table.Th>What became of it</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {events.map((event) => (
                <Table.Tr key={event.id}>
                  <Table.Td>
                    <When at={event.time} />
                  </Table.Td>
                  <Table.Td>
                    <Anchor size="sm" ff="monospace" component={Link} to={`/projects/${place.projectId}/events/${event.id}`} title={event.id}>
                      …{event.id.slice(-12)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <State state={event.duplicate ? "duplicate" : event.failed > 0 ? "failed" : event.started > 0 ? "started" : "pending"} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Paper>
  );
}
