import { DRAWABLE } from "./runs";

/** What an element is called: as in the palette where it can be drawn, else in the standard's words. */
export function kindOf(type: string, definition: string | undefined): string {
  const drawn = DRAWABLE.find((one) => one.type === type && one.definition === definition);
  if (drawn) return drawn.label;
  const kind = definition ? `${words(definition)} ${words(type)}` : words(type);
  const plain = kind.toLowerCase().replace("sub process", "subprocess").replace("sequence flow", "flow");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function words(name: string): string {
  return name
    .replace(/^bpmn:/, "")
    .replace(/EventDefinition$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ");
}
