import { Accordion, Group, Text } from "@mantine/core";
import type { ElementDifference } from "../../api/versions";
import { ElementName } from "../../components/ElementName";
import { type Named, calledInLine } from "../../components/elements";
import { State } from "../../components/State";
import { typeWord } from "./difference";
import { FieldTable } from "./FieldTable";

interface ElementsProps {
  elements: ElementDifference[];
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}

const named = ({ elementName, elementType, elementId }: ElementDifference): Named => ({ name: elementName, kind: typeWord(elementType), id: elementId });

/** The elements that differ; one that is opened is shown in the diagram, and the other way round. */
export function Elements({ elements, selected, onSelect }: ElementsProps) {
  const keys = elements.map((element, at) => element.elementId ?? `#${at}`);
  return (
    <Accordion
      variant="separated"
      value={selected ?? null}
      onChange={(key) => onSelect(key ?? undefined)}
      styles={{ control: { paddingBlock: 2 } }}
      aria-label="Elements that differ"
    >
      {elements.map((element, at) => (
        <Accordion.Item key={keys[at]} value={keys[at] ?? ""}>
          <Accordion.Control>
            <Group gap="sm" wrap="nowrap">
              <State state={element.change} />
              <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
                <ElementName {...named(element)} />
              </Text>
              {element.elementName && (
                <Text size="sm" c="dimmed" style={{ flex: "none" }}>
                  {typeWord(element.elementType)}
                </Text>
              )}
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <FieldTable
              label={`What differs in ${calledInLine(named(element))}`}
              rows={element.properties.map((one) => ({ key: one.property, name: one.property, old: one.old, now: one.new }))}
            />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
