import { Button, Group, Stack, Text } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type InstanceDetail, variable } from "../../api/instances";
import { useMay } from "../../api/me";
import { Refusal } from "../../api/refusal";
import { Locked } from "../../components/Guard";
import { Json } from "../../components/json/Json";
import { Part } from "../../components/Part";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { LARGE, NO_VARIABLES } from "../../texts/instances";
import { ChangeVariables } from "./ChangeVariables";
import { type Summary, split, together } from "./variables";

/** The variables of an instance as one tree; large ones when they are asked for. */
export function Variables({ run, projectId }: { run: InstanceDetail; projectId: string }) {
  const { now, later } = split(run.variables);
  const may = useMay("payload:read");
  return (
    <Part title="Variables">
      {!run.endedAt && <ChangeVariables run={run} projectId={projectId} />}
      {run.variables.length === 0 && <Text size="sm">{NO_VARIABLES}</Text>}
      {!may && run.variables.length > 0 && <Locked right="payload:read" />}
      {may && now.length > 0 && <AtOnce run={run} projectId={projectId} names={now.map((one) => one.name)} />}
      {may && later.length > 0 && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {LARGE}
          </Text>
          {later.map((one) => (
            <OnDemand key={one.name} run={run} projectId={projectId} summary={one} />
          ))}
        </Stack>
      )}
    </Part>
  );
}

function AtOnce({ run, projectId, names }: { run: InstanceDetail; projectId: string; names: string[] }) {
  const read = useQueries({ queries: names.map((name) => variable(projectId, run.id, name, run.updatedAt)) });
  const error = read.find((one) => one.error)?.error;
  if (error instanceof Refusal && error.status === 403) return <Locked right="payload:read" />;
  if (error) return <Trouble error={error} again={() => read.forEach((one) => void one.refetch())} />;
  const texts = read.map((one) => one.data);
  if (!texts.every((text) => text !== undefined)) return <Loading of={read} height={200} />;
  return <Json text={together(names.map((name, at) => [name, texts[at] ?? "null"]))} label="Variables" height={520} />;
}

function OnDemand({ run, projectId, summary }: { run: InstanceDetail; projectId: string; summary: Summary }) {
  const [asked, setAsked] = useState(false);
  const read = useQuery({ ...variable(projectId, run.id, summary.name, run.updatedAt), enabled: asked });
  if (read.error instanceof Refusal && read.error.status === 403) return <Locked right="payload:read" />;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Text size="sm" ff="monospace">
          <bdi>{summary.name}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          {(summary.size / 1_048_576).toFixed(2)} MiB
        </Text>
        {!asked && (
          <Button size="xs" variant="default" onClick={() => setAsked(true)}>
            Show
          </Button>
        )}
      </Group>
      {asked && read.isPending && <Loading of={read} height={200} />}
      <Trouble error={read.error} again={() => void read.refetch()} />
      {read.data !== undefined && <Json text={read.data} label={summary.name} height={520} />}
    </Stack>
  );
}
