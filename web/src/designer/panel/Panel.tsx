import { Alert, Box, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import type { Element } from "bpmn-js/lib/model/Types";
import type { CheckProblem } from "../../api/processes";
import { text } from "../../components/diagram/moddle";
import { DESIGNER } from "../../texts/designer";
import { kindOf } from "../kind";
import { definitionOf } from "../runs";
import { documentation, model } from "../properties";
import type { Designer } from "../useDesigner";
import { Writer } from "../write";
import { ConditionSection } from "./ConditionSection";
import { ElementId } from "./ElementId";
import { FlowsSection } from "./FlowsSection";
import { Problems } from "./Problems";
import { RunsSection } from "./RunsSection";
import { ScriptSection } from "./ScriptSection";
import { TriggerSection } from "./TriggerSection";

/** What a section of the panel is given. */
export interface SectionProps {
  designer: Designer;
  element: Element;
  write: Writer;
  /** What the check says of the element. */
  problems: CheckProblem[];
}

/** The properties of what is selected; of the process where nothing is. */
export function Panel({ designer, problems }: { designer: Designer; problems: CheckProblem[] }) {
  const { element } = designer;
  if (designer.chosen > 1) {
    return (
      <Stack gap="xs">
        <Title order={2}>{DESIGNER.several}</Title>
        <Text size="sm" c="dimmed">
          {DESIGNER.severalHint}
        </Text>
      </Stack>
    );
  }
  const own = problems.filter((problem) => problem.elementId === element.id);
  const section: SectionProps = { designer, element, write: new Writer(designer), problems: own };
  return (
    <Stack gap="md" key={element.id}>
      <Group gap={8} wrap="nowrap">
        <Title order={2} size="h3">
          {kindOf(element.type, definitionOf(element))}
        </Title>
      </Group>
      <Naming {...section} />
      <RunsSection {...section} />
      {element.type === "bpmn:StartEvent" && definitionOf(element) === "bpmn:MessageEventDefinition" && <TriggerSection {...section} />}
      {element.type === "bpmn:ScriptTask" && <ScriptSection {...section} />}
      {element.type === "bpmn:SequenceFlow" && <ConditionSection {...section} />}
      {/* below what is typed into: it comes and goes while one types */}
      <Problems problems={own} />
      <FlowsSection {...section} />
      <Textarea
        label="Documentation"
        description={DESIGNER.documentation}
        autosize
        minRows={2}
        maxRows={10}
        value={documentation(element)}
        onChange={(event) => section.write.documentation(element, event.currentTarget.value)}
        onBlur={() => designer.edits.end()}
      />
      <ElementId {...section} />
      {isRoot(element) && (
        <Alert variant="light" color="gray">
          <Box fz="sm">{DESIGNER.process}</Box>
        </Alert>
      )}
    </Stack>
  );
}

function Naming({ designer, element, write }: SectionProps) {
  if (element.type === "bpmn:TextAnnotation") {
    const change = (words: string) => write.words(element, words);
    return <Textarea label="Text" autosize minRows={2} value={text(model(element), "text")} onChange={(event) => change(event.currentTarget.value)} onBlur={() => designer.edits.end()} />;
  }
  const change = (name: string) => write.name(element, name);
  return (
    <Textarea
      label="Name"
      autosize
      minRows={1}
      maxRows={6}
      value={model(element).name ?? ""}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={() => designer.edits.end()}
      spellCheck={false}
    />
  );
}

/** Whether it is the process itself, or what stands around it. */
export function isRoot(element: Element): boolean {
  return !("parent" in element && element.parent);
}
