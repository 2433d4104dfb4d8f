import { kindOf } from "../designer/kind";

/** An element of a diagram, as lists name it. */
export interface Named {
  name: string | null | undefined;
  /** "Script task". */
  kind?: string | undefined;
  id?: string | null | undefined;
}

/** What it is called, and its id beside that where it has no name: the one place that decides it. */
export function called({ name, kind, id }: Named): { words: string; beside: string } {
  if (name) return { words: name, beside: "" };
  if (kind) return { words: `${kind} (unnamed)`, beside: id ?? "" };
  return { words: id ?? "", beside: "" };
}

/** The same in one line. */
export function calledInLine(element: Named): string {
  const { words, beside } = called(element);
  return beside ? `${words} ${beside}` : words;
}

/** What the API tells of an element: BPMN's own name for its type, `scriptTask`. */
export interface Told {
  elementId: string | null;
  elementName: string | null;
  elementType: string | null;
}

/** The same as lists name it. */
export function told({ elementId, elementName, elementType }: Told): Named {
  return { id: elementId, name: elementName, kind: elementType === null ? undefined : kindOf(typeOf(elementType), undefined) };
}

/** The elements in a BPMN file, by id. What cannot be read has none. */
export function elementsOf(xml: string): Map<string, Named> {
  if (xml === "") return new Map();
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const found = [...file.getElementsByTagNameNS("http://www.omg.org/spec/BPMN/20100524/MODEL", "*")].filter((node) => node.hasAttribute("id"));
  return new Map(found.map((node) => [node.getAttribute("id") ?? "", { id: node.getAttribute("id"), name: node.getAttribute("name"), kind: kindOf(typeOf(node.localName), definitionOf(node)) }]));
}

/** scriptTask → bpmn:ScriptTask */
function typeOf(localName: string): string {
  return `bpmn:${localName.charAt(0).toUpperCase()}${localName.slice(1)}`;
}

function definitionOf(node: Element): string | undefined {
  const own = [...node.children].find((child) => child.localName.endsWith("EventDefinition"));
  return own && typeOf(own.localName);
}
