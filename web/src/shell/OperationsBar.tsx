import { ActionIcon, Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Operation, cancelOperation, ended, operations, operationsKey } from "../api/operations";
import { Allowed } from "../components/Allowed";
import { Trouble } from "../components/Trouble";
import { percent, words } from "./operation";
import { usePlace } from "./place";

/**
 * Work on many rows that the server does: above every page of the project, until it has ended and was seen. `below`:
 * below the page's list instead, in sight however long that is.
 */
export function OperationsBar({ below }: { below: boolean }) {
  const { projectId } = usePlace();
  const client = useQueryClient();
  const all = useQuery(operations(projectId)).data ?? [];
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const running = all.filter((one) => !ended(one)).map((one) => one.id).join(" ");
  useEffect(() => {
    if (running !== "") setSeen((old) => new Set([...old, ...running.split(" ")]));
  }, [running]);
  // those that ended before anybody looked are history
  const shown = all.filter((one) => (!ended(one) || seen.has(one.id)) && !closed.has(one.id));
  const over = shown.filter(ended).map((one) => one.id).join(" ");
  useEffect(() => {
    if (over === "") return;
    for (const noun of ["failed-triggers", "instances", "incidents", "events", "triggers"]) void client.invalidateQueries({ queryKey: ["project", projectId, noun] });
  }, [over, client, projectId]);
  if (shown.length === 0) return null;
  return (
    <Stack gap="xs" role="region" aria-label="Operations" {...(below ? { mt: "md", style: BELOW } : { mb: "md" })}>
      {shown.map((one) => (
        <Bar key={one.id} operation={one} projectId={projectId} close={() => setClosed(new Set([...closed, one.id]))} />
      ))}
    </Stack>
  );
}

const BELOW = { order: 1, position: "sticky", bottom: 12, zIndex: 2 } as const;

function Bar({ operation, projectId, close }: { operation: Operation; projectId: string; close: () => void }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelOperation(projectId, operation.id),
    onSettled: () => client.invalidateQueries({ queryKey: operationsKey(projectId) }),
  });
  const { title, progress } = words(operation);
  const over = ended(operation);
  return (
    <Paper withBorder p="xs" radius="md">
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Text size="sm" fw={600} role="status">
          {title}{" "}
          <Text span size="sm" c="dimmed" fw={400}>
            {progress}
          </Text>
        </Text>
        {over ? (
          <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={close}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <Allowed right="runtime:operate">
            <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel
            </Button>
          </Allowed>
        )}
      </Group>
      <Progress value={percent(operation)} size="sm" mt={6} aria-label={`${title}: how far`} color={operation.failed > 0 || operation.state === "failed" ? "orange" : "basin"} animated={!over} />
      {operation.message !== "" && <Text size="sm">{operation.message}</Text>}
      {!over && <Trouble error={cancel.error} />}
    </Paper>
  );
}
