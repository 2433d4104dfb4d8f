import { Anchor, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lastRequests } from "../../api/dataSources";
import { triggersBySource } from "../../api/uses";
import { State } from "../../components/State";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { Way } from "../../components/Way";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { NO_REQUESTS, REQUESTS_WHEN_CONNECTED } from "../../texts/dataSources";

/** So many are shown; those that wait come on top of the limit. */
const SHOWN = 10;

/** The last requests of a data source. */
export function Requests({ place, id }: { place: Place; id: string }) {
  const triggers = useQuery(triggersBySource(place.projectId));
  const trigger = triggers.data?.get(id);
  const found = useQuery(lastRequests(place.projectId, trigger?.id));
  const requests = found.data?.items.slice(0, SHOWN) ?? [];
  const none = triggers.isSuccess && (trigger === undefined || (found.isSuccess && requests.length === 0));
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="requests">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="requests">
            Last requests
          </Title>
          {requests.length > 0 && (
            <Anchor size="sm" component={Way} href={`/projects/${place.projectId}/events?dataSourceId=${id}`}>
              All
            </Anchor>
          )}
        </Group>
        {(triggers.isPending || found.isLoading) && <Loading of={[triggers, found]} height={60} />}
        <Trouble error={found.error} again={() => void found.refetch()} />
        {none && (
          <Text size="sm" c="dimmed">
            {trigger ? NO_REQUESTS : REQUESTS_WHEN_CONNECTED}
          </Text>
        )}
        {requests.length > 0 && (
          <Table aria-label="Last requests" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Time</Table.Th>
                <Table.Th>Event</Table.Th>
                <Table.Th>Outcome</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {requests.map((request) => (
                <Table.Tr key={request.eventId}>
                  <Table.Td>
                    <When at={request.time} />
                  </Table.Td>
                  <Table.Td>
                    <Anchor size="sm" ff="monospace" component={Link} to={`/projects/${place.projectId}/events/${request.eventId}`} title={request.eventId}>
                      {request.eventId.slice(-8)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <State state={request.state} />
                    {request.cause && (
                      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                        {request.cause}
                      </Text>
                    )}
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
