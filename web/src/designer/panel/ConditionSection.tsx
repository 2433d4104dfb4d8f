import { SegmentedControl, Stack, Text, Title } from "@mantine/core";
import type { Element } from "bpmn-js/lib/model/Types";
import { Code } from "../../components/code/Code";
import { DESIGNER } from "../../texts/designer";
import { condition, isDefault } from "../properties";
import { useComplaints } from "./complaints";
import { useKnown } from "./known";
import type { SectionProps } from "./Panel";

/** When a flow out of an exclusive gateway is taken. */
export function ConditionSection({ designer, element, write, problems }: SectionProps) {
  const known = useKnown(designer, false);
  const complaints = useComplaints(problems);
  const source = "source" in element ? (element.source as Element) : undefined;
  const now = condition(element);
  // a condition elsewhere is a mistake that can be mended here
  if (source?.type !== "bpmn:ExclusiveGateway" && now === undefined) return null;
  const otherwise = isDefault(element);
  return (
    <Stack gap={6} component="section" aria-labelledby="condition" onBlur={() => designer.edits.end()}>
      <Title order={3} id="condition">
        Condition
      </Title>
      {source?.type === "bpmn:ExclusiveGateway" && (
        <SegmentedControl
          aria-label="When the flow is taken"
          size="xs"
          value={otherwise ? "default" : "condition"}
          onChange={(value) => (value === "default" ? write.makeDefault(element) : write.makeConditional(element))}
          data={[
            { value: "condition", label: "If true" },
            { value: "default", label: "Otherwise (default)" },
          ]}
        />
      )}
      <Text size="xs" c="dimmed">
        {otherwise ? DESIGNER.defaultFlow : DESIGNER.condition}
      </Text>
      {!otherwise && (
        <Code
          label="Condition"
          hint={DESIGNER.conditionHint}
          value={now ?? ""}
          onChange={(text) => write.condition(element, text)}
          complaints={complaints}
          known={known}
          minHeight={80}
        />
      )}
    </Stack>
  );
}
