import { Group, List, Text } from "@mantine/core";
import type { TriggerPlan } from "../api/versions";
import { State } from "./State";

type Planned = TriggerPlan["created"][number];

/** How many triggers a change of the running commit would touch. */
export function planned(plan: TriggerPlan): number {
  return plan.created.length + plan.relinked.length + plan.unlinked.length;
}

/** What a change of the running commit would do to triggers. */
export function PlanList({ plan }: { plan: TriggerPlan }) {
  return (
    <List size="sm" spacing={4} listStyleType="none" aria-label="What will happen to triggers">
      {plan.created.map((one) => (
        <Line key={one.dataSourceId} one={one} state="added" words="a trigger is made; it begins deactivated" />
      ))}
      {plan.relinked.map((one) => (
        <Line key={one.dataSourceId} one={one} state="changed" words={`back on the list, ${one.active ? "active" : "deactivated"} as it was`} />
      ))}
      {plan.unlinked.map((one) => (
        <Line key={one.dataSourceId} one={one} state="removed" words={one.active ? "active now; goes off the list, its URL will answer 404" : "goes off the list; it is deactivated already"} />
      ))}
    </List>
  );
}

function Line({ one, state, words }: { one: Planned; state: string; words: string }) {
  return (
    <List.Item>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <State state={state} />
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <b>{one.name}</b>: {words}
        </Text>
      </Group>
    </List.Item>
  );
}
