import { ActionIcon, Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { Connection, Element } from "bpmn-js/lib/model/Types";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { Select } from "../../components/Select";
import { goesOn } from "../contextPad";
import { called, targets } from "../menus";
import { condition, isDefault } from "../properties";
import type { SectionProps } from "./Panel";

/** The flows out of an element; where it can be joined without a mouse. */
export function FlowsSection({ designer, element, write }: SectionProps) {
  if (!goesOn(element)) return null;
  const flows = ("outgoing" in element ? (element.outgoing as Connection[]) : []).filter((flow) => flow.type === "bpmn:SequenceFlow");
  const exclusive = element.type === "bpmn:ExclusiveGateway";
  const choose = (flow: Element) => designer.modeler.get<Selection>("selection").select(flow as never);
  const free = targets(designer.modeler, element).map((target) => ({ value: target.id, label: `${called(target)} (${target.id})` }));
  return (
    <Stack gap={6} component="section" aria-labelledby="flows">
      <Title order={3} id="flows">
        Flows from here
      </Title>
      {flows.map((flow) => (
        <Group key={flow.id} justify="space-between" wrap="nowrap" gap="xs">
          <Anchor component="button" type="button" size="sm" ta="left" truncate onClick={() => choose(flow)}>
            {flow.businessObject.name ? `${called(flow)}: ` : ""}to {called(flow.target as Element)}
          </Anchor>
          <Group gap={6} wrap="nowrap">
            {exclusive && (
              <Text size="xs" c="dimmed" truncate maw={120}>
                {isDefault(flow) ? "default" : (condition(flow) ?? "no condition")}
              </Text>
            )}
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Remove the flow to ${called(flow.target as Element)}`} onClick={() => write.remove(flow)}>
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          </Group>
        </Group>
      ))}
      <Select
        aria-label="Connect to"
        placeholder="Connect to…"
        size="xs"
        data={free}
        value={null}
        searchable
        nothingFoundMessage="Nothing that a flow may lead to"
        onChange={(id) => {
          const target = targets(designer.modeler, element).find((one) => one.id === id);
          if (target) write.connect(element, target);
        }}
      />
    </Stack>
  );
}
