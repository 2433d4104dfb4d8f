import { Skeleton, Text } from "@mantine/core";
import type { components } from "#schema";
import { Tooltip } from "../../components/Tooltip";
import { State } from "../../components/State";
import { NOT_RUNNING } from "../../texts/dataSources";

type Trigger = components["schemas"]["Trigger"];

/** The state of a data source's trigger; of one that has none, why. */
export function TriggerState({ triggers, id, failed }: { triggers: Map<string, Trigger> | undefined; id: string; failed: boolean }) {
  if (failed) return <Text size="sm">unknown</Text>;
  if (!triggers) return <Skeleton height={16} width={90} />;
  const trigger = triggers.get(id);
  if (trigger) return <State state={trigger.state} />;
  return (
    <Tooltip label={NOT_RUNNING} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      <Text size="sm" c="dimmed" tabIndex={0} component="span">
        Not connected
      </Text>
    </Tooltip>
  );
}
