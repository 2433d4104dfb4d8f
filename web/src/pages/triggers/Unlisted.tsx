import { Anchor, Button, Group, List, Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { changedIds } from "../../api/changes";
import { type DataSource, dataSources } from "../../api/dataSources";
import type { Place } from "../../shell/place";
import { NEXT_COMMIT, NEXT_CONNECT, NEXT_POLICY, STEP_COMMITTED, STEP_CONNECTED, STEP_CREATED, UNLISTED } from "../../texts/triggers";
import { type Missing, missing } from "./conditions";

/** How many are shown; more are a sign of something else. */
const SHOWN = 12;

/** The data sources of the branch that are not listed yet, each with what it still needs. */
export function Unlisted({ place, listed }: { place: Place; listed: ReadonlySet<string> }) {
  const sources = useQuery(dataSources(place)).data;
  const changed = useQuery(changedIds(place)).data;
  if (!sources || !changed) return null;
  const open = sources.filter((source) => !listed.has(source.resourceDefinitionId));
  if (open.length === 0) return null;
  return (
    <Stack gap="xs" mt="xl" component="section" aria-labelledby="unlisted">
      <Title order={2} id="unlisted">
        Not listed yet
      </Title>
      <Text size="sm" c="dimmed">
        {UNLISTED}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {open.slice(0, SHOWN).map((source) => (
          <Checklist key={source.resourceDefinitionId} source={source} place={place} lacks={missing(source, changed)} />
        ))}
      </SimpleGrid>
      {open.length > SHOWN && (
        <Text size="sm" c="dimmed">
          … and {open.length - SHOWN} more.
        </Text>
      )}
    </Stack>
  );
}

interface ChecklistProps {
  source: DataSource;
  place: Place;
  lacks: Missing;
}

function Checklist({ source, place, lacks }: ChecklistProps) {
  const process = source.usedBy[0]?.id;
  const below = `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}`;
  const next = step(lacks, place.projectId, below);
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Anchor component={Link} to={`${below}/data-sources/${source.resourceDefinitionId}`} fw={600} style={{ overflowWrap: "anywhere" }}>
          {source.name}
        </Anchor>
        <Conditions met={lacks === "connection" ? 1 : 2} />
        <Text size="sm" c="dimmed">
          {next.text}
        </Text>
        <Group gap="xs">
          <Button size="xs" component={Link} to={next.to}>
            {next.label}
          </Button>
          {process && (
            <Button size="xs" variant="default" component={Link} to={`${below}/processes/${process}`}>
              Open the process
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** The three conditions of a listed trigger, the first `met` of them done. */
export function Conditions({ met }: { met: number }) {
  return (
    <List size="sm" spacing={6} center ta="left">
      {[STEP_CREATED, STEP_CONNECTED, STEP_COMMITTED].map((text, at) => (
        <Condition key={text} met={at < met} text={text} />
      ))}
    </List>
  );
}

function step(lacks: Missing, projectId: string, below: string): { text: string; label: string; to: string } {
  if (lacks === "connection") return { text: NEXT_CONNECT, label: "To the processes", to: `${below}/processes` };
  if (lacks === "commit") return { text: NEXT_COMMIT, label: "Commit", to: `${below}/versions` };
  return { text: NEXT_POLICY, label: "Active policy", to: `/projects/${projectId}/policy` };
}

function Condition({ met, text }: { met: boolean; text: string }) {
  const Icon = met ? IconCheck : IconCircleDashed;
  return (
    <List.Item
      icon={
        <ThemeIcon size={20} radius="xl" variant="light" color={met ? "basin" : "gray"}>
          <Icon size={14} role="img" aria-label={met ? "Done" : "Open"} />
        </ThemeIcon>
      }
    >
      {text}
    </List.Item>
  );
}
