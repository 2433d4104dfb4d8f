import { layoutProcess } from "bpmn-auto-layout";
import { BpmnModdle } from "bpmn-moddle";
import { FOREBAY, type ModdleElement, listed, part } from "./moddle";

/** A layout for a file that has none: what is written by hand or by a program often has none. */
export async function laidOut(xml: string): Promise<string> {
  const moddle = new BpmnModdle({ forebay: FOREBAY });
  const { rootElement } = await moddle.fromXML(xml);
  for (const root of listed(rootElement, "rootElements")) connect(root);
  const complete = await moddle.toXML(rootElement);
  return layoutProcess(complete.xml);
}

/** The layout follows `incoming` and `outgoing`, which a file need not have beside its flows. */
function connect(scope: ModdleElement): void {
  for (const element of listed(scope, "flowElements")) {
    if (element.$type === "bpmn:SequenceFlow") {
      join(part(element, "sourceRef"), "outgoing", element);
      join(part(element, "targetRef"), "incoming", element);
    }
    connect(element);
  }
}

function join(node: ModdleElement | undefined, end: "incoming" | "outgoing", flow: ModdleElement): void {
  const flows = node?.get(end);
  if (Array.isArray(flows) && !flows.includes(flow)) flows.push(flow);
}
