// The model that bpmn-js reads a file into, as far as we look at it, and our own part of it.

/** An element of a BPMN file. */
export interface ModdleElement {
  $type: string;
  $parent?: ModdleElement;
  id?: string;
  name?: string;
  get(property: string): unknown;
  set(property: string, value: unknown): void;
}

/** The namespace of what BPMN has no word for. The engine matches on it; it never changes. */
export const NAMESPACE = "http://forebay.dev/schema/bpmn/1.0";

/** Our elements and their attributes, for bpmn-js to read and write. */
export const FOREBAY = {
  name: "Forebay",
  uri: NAMESPACE,
  prefix: "forebay",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "ProcessTrigger",
      superClass: ["Element"],
      properties: [
        { name: "triggerType", type: "String", isAttr: true },
        { name: "dataSource", type: "String", isAttr: true },
      ],
    },
  ],
};

/** A list of the model. */
export function listed(element: ModdleElement | undefined, property: string): ModdleElement[] {
  const value = element?.get(property);
  return Array.isArray(value) ? value.filter(isModdle) : [];
}

/** A part of the model. */
export function part(element: ModdleElement | undefined, property: string): ModdleElement | undefined {
  const value = element?.get(property);
  return isModdle(value) ? value : undefined;
}

/** A text of the model. */
export function text(element: ModdleElement | undefined, property: string): string {
  const value = element?.get(property);
  return typeof value === "string" ? value : "";
}

function isModdle(value: unknown): value is ModdleElement {
  return typeof value === "object" && value !== null && "$type" in value;
}
