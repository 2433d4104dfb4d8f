// What the panel reads and writes. Reading is of the model alone; writing gives what one `updateProperties` takes.
import type { Element } from "bpmn-js/lib/model/Types";
import { type ModdleElement, listed, part, text } from "../components/diagram/moddle";

/** What makes new parts of the model; bpmn-js has one. */
export interface Factory {
  create(type: string, attributes?: Record<string, unknown>): ModdleElement;
}

/** What starts a process. */
export interface Trigger {
  triggerType: string;
  dataSource?: string;
}

const TRIGGER = "forebay:ProcessTrigger";

/** The element of the file behind what is drawn. */
export function model(element: Element): ModdleElement {
  return element.businessObject as ModdleElement;
}

/** The trigger of a message start event. */
export function trigger(element: Element): Trigger | undefined {
  const found = listed(part(model(element), "extensionElements"), "values").find((value) => value.$type === TRIGGER);
  if (!found) return undefined;
  const dataSource = text(found, "dataSource");
  return { triggerType: text(found, "triggerType"), ...(dataSource ? { dataSource } : {}) };
}

/** Extension elements with this trigger in the place of the one that was there; what others wrote stays. */
export function triggered(factory: Factory, element: Element, trigger: Trigger): ModdleElement {
  const owner = model(element);
  const others = listed(part(owner, "extensionElements"), "values").filter((value) => value.$type !== TRIGGER);
  const extension = factory.create("bpmn:ExtensionElements");
  const own = factory.create(TRIGGER, { ...trigger });
  const values = [own, ...others];
  for (const value of values) value.$parent = extension;
  extension.set("values", values);
  extension.$parent = owner;
  return extension;
}

/** The first documentation: files may hold several, for several readers. */
export function documentation(element: Element): string {
  return text(listed(model(element), "documentation")[0], "text");
}

/** The documentations with this one first; an empty one is none. */
export function documented(factory: Factory, element: Element, words: string): ModdleElement[] {
  const rest = listed(model(element), "documentation").slice(1);
  if (words === "") return rest;
  const first = factory.create("bpmn:Documentation", { text: words });
  first.$parent = model(element);
  return [first, ...rest];
}

/** The condition of a flow. */
export function condition(element: Element): string | undefined {
  const expression = part(model(element), "conditionExpression");
  return expression ? text(expression, "body") : undefined;
}

/** A condition of this source; none at all where there is nothing in it. */
export function conditioned(factory: Factory, element: Element, source: string): ModdleElement | undefined {
  if (source.trim() === "") return undefined;
  const expression = factory.create("bpmn:FormalExpression", { body: source, language: "javascript" });
  expression.$parent = model(element);
  return expression;
}

/** Whether a flow is the one that is taken when no condition holds. */
export function isDefault(flow: Element): boolean {
  const source = part(model(flow), "sourceRef");
  return source !== undefined && part(source, "default") === model(flow);
}

/** The processes of a file, as they are called: by themselves, or by the participant that they are drawn in. */
export function processes(definitions: ModdleElement): { process: ModdleElement; name: string }[] {
  const roots = listed(definitions, "rootElements");
  const participants = roots.flatMap((root) => listed(root, "participants"));
  return roots
    .filter((root) => root.$type === "bpmn:Process")
    .map((process) => {
      const participant = participants.find((one) => part(one, "processRef") === process);
      return { process, name: process.name || participant?.name || (process.id ?? "") };
    });
}

/** Whether a process is marked as one that runs. */
export function runs(process: ModdleElement): boolean {
  return process.get("isExecutable") === true;
}

/** Why an id cannot be this; nothing where it can. */
export function idTrouble(id: string, taken: boolean): string | undefined {
  if (id === "") return "An element needs an id.";
  if (!/^[\p{L}_][\p{L}\p{Nd}\p{M}._-]*$/u.test(id)) return "Begin with a letter or _, and go on with letters, digits, _ . or -.";
  return taken ? "Another element has this id." : undefined;
}
