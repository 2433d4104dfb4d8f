import type { Element } from "bpmn-js/lib/model/Types";

/** What can be drawn: what the engine runs, and notes that it passes over. Everything else is refused by the check. */
export interface Drawable {
  key: string;
  group: Group;
  label: string;
  icon: string;
  type: string;
  /** Of an event: what it waits for, or what it does. */
  definition?: string;
  /** Only where it begins something, or only where it follows something. */
  place?: "start" | "note";
}

export type Group = "Start Events" | "End Events" | "Tasks" | "Gateways" | "Containers" | "Notes";

export const DRAWABLE: Drawable[] = [
  {
    key: "message-start", group: "Start Events", label: "Message start event", icon: "bpmn-icon-start-event-message",
    type: "bpmn:StartEvent", definition: "bpmn:MessageEventDefinition", place: "start",
  },
  { key: "start", group: "Start Events", label: "Start event", icon: "bpmn-icon-start-event-none", type: "bpmn:StartEvent", place: "start" },
  { key: "end", group: "End Events", label: "End event", icon: "bpmn-icon-end-event-none", type: "bpmn:EndEvent" },
  {
    key: "terminate-end", group: "End Events", label: "Terminate end event", icon: "bpmn-icon-end-event-terminate",
    type: "bpmn:EndEvent", definition: "bpmn:TerminateEventDefinition",
  },
  { key: "script-task", group: "Tasks", label: "Script task", icon: "bpmn-icon-script-task", type: "bpmn:ScriptTask" },
  { key: "exclusive-gateway", group: "Gateways", label: "Exclusive gateway", icon: "bpmn-icon-gateway-xor", type: "bpmn:ExclusiveGateway" },
  { key: "parallel-gateway", group: "Gateways", label: "Parallel gateway", icon: "bpmn-icon-gateway-parallel", type: "bpmn:ParallelGateway" },
  { key: "subprocess", group: "Containers", label: "Subprocess", icon: "bpmn-icon-subprocess-expanded", type: "bpmn:SubProcess" },
  { key: "annotation", group: "Notes", label: "Text annotation", icon: "bpmn-icon-text-annotation", type: "bpmn:TextAnnotation", place: "note" },
  { key: "data-object", group: "Notes", label: "Data object", icon: "bpmn-icon-data-object", type: "bpmn:DataObjectReference", place: "note" },
];

/** What may follow an element that is there. */
export const APPENDABLE = DRAWABLE.filter((one) => one.place !== "start" && one.key !== "data-object");

/** What an element can be turned into; it is not among them. */
export function turnableInto(element: Element): Drawable[] {
  if ("labelTarget" in element && element.labelTarget) return [];
  const family = familyOf(element.type);
  if (!family) return [];
  const definition = definitionOf(element);
  return DRAWABLE.filter((one) => familyOf(one.type) === family && !(one.type === element.type && one.definition === definition));
}

/** The definition that an event carries. */
export function definitionOf(element: Element): string | undefined {
  const definitions: unknown = element.businessObject?.eventDefinitions;
  const first: unknown = Array.isArray(definitions) ? definitions[0] : undefined;
  return typeof first === "object" && first !== null && "$type" in first ? String(first.$type) : undefined;
}

/** Elements of one family take each other's place: their flows stay right. */
function familyOf(type: string): string | undefined {
  if (type === "bpmn:StartEvent") return "start";
  if (type === "bpmn:EndEvent") return "end";
  if (type.endsWith("Gateway")) return "gateway";
  if (type.endsWith("Task") || type === "bpmn:SubProcess" || type === "bpmn:CallActivity" || type === "bpmn:Transaction") return "activity";
  // intermediate events do not run; a task can do their work
  if (type === "bpmn:IntermediateThrowEvent" || type === "bpmn:IntermediateCatchEvent") return "activity";
  return undefined;
}
