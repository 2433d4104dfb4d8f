import { TextInput } from "@mantine/core";
import type Modeler from "bpmn-js/lib/Modeler";
import { useEffect, useState } from "react";
import { DESIGNER } from "../../texts/designer";
import { idTrouble } from "../properties";
import type { SectionProps } from "./Panel";

/** The id; it is changed when it is whole, since halves of it may be taken or be no ids. */
export function ElementId({ designer, element, write }: SectionProps) {
  const [typed, setTyped] = useState(element.id);
  useEffect(() => setTyped(element.id), [element.id, designer.revision]);
  const trouble = typed === element.id ? undefined : idTrouble(typed, taken(designer.modeler, typed));
  const settle = () => {
    if (trouble) return;
    if (typed !== element.id) write.id(element, typed);
  };
  return (
    <TextInput
      label="Element id"
      description={DESIGNER.elementId}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value.trim())}
      onBlur={settle}
      onKeyDown={(event) => event.key === "Enter" && settle()}
      error={trouble}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
    />
  );
}

function taken(modeler: Modeler, id: string): boolean {
  const { ids } = modeler.get<{ ids: { assigned: (id: string) => unknown } }>("moddle");
  return Boolean(ids.assigned(id));
}
