import type Modeler from "bpmn-js/lib/Modeler";
import type BpmnFactory from "bpmn-js/lib/features/modeling/BpmnFactory";
import type ElementFactory from "bpmn-js/lib/features/modeling/ElementFactory";
import type BpmnReplace from "bpmn-js/lib/features/replace/BpmnReplace";
import type { TargetElement } from "bpmn-js/lib/features/replace/BpmnReplace";
import type AutoPlace from "diagram-js/lib/features/auto-place/AutoPlace";
import type { Element, Shape } from "bpmn-js/lib/model/Types";
import type Canvas from "diagram-js/lib/core/Canvas";
import type Create from "diagram-js/lib/features/create/Create";
import type Modeling from "bpmn-js/lib/features/modeling/Modeling";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { insert, lastFlow } from "./between";
import type { Drawable } from "./runs";
import { together } from "./together";
import { triggered } from "./properties";

/** What the services of bpmn-js are asked for by name. */
export type Services = Pick<Modeler, "get">;

/** New shapes: what stands alone, or a subprocess with a start event in it. */
export function shapes(services: Services, what: Drawable): Shape[] {
  const factory = services.get<ElementFactory>("elementFactory");
  if (what.key === "subprocess") {
    const around = factory.createShape({ type: what.type, isExpanded: true } as never);
    return [around, factory.createShape({ type: "bpmn:StartEvent", x: 40, y: 82, parent: around } as never)];
  }
  const shape = factory.createShape({ type: what.type, ...(what.definition ? { eventDefinitionType: what.definition } : {}) } as never);
  begin(services, shape, what);
  return [shape];
}

/** What a new element says from the start. */
function begin(services: Services, shape: Shape, what: Drawable): void {
  if (what.key === "script-task") shape.businessObject.set("scriptFormat", "javascript");
  if (what.key === "message-start") {
    shape.businessObject.set("extensionElements", triggered(services.get<BpmnFactory>("bpmnFactory"), shape, { triggerType: "incomingWebhook" }));
  }
}

/** Begins to draw: the shape hangs on the pointer until it is put down. */
export function draw(services: Services, event: Event, what: Drawable, source?: Element): void {
  const made = shapes(services, what);
  services.get<Create>("create").start(event, made as never, { ...(source ? { source } : {}), hints: { autoSelect: [made[0]] } } as never);
}

/** Puts a shape behind an element and joins them, where there is room; before an end that follows already. */
export function append(services: Services, source: Element, what: Drawable): Element {
  const [shape, ...inside] = shapes(services, what);
  const flow = lastFlow(source, what);
  let placed: Element = source;
  together(services, () => {
    if (flow && shape) placed = insert(services, shape, flow);
    else placed = services.get<AutoPlace>("autoPlace").append(source as never, shape as never, undefined as never) as unknown as Element;
    for (const one of inside) services.get<Modeling>("modeling").createShape(one, { x: Number(shape?.x) + 58, y: Number(shape?.y) + 100 }, shape as never);
  });
  services.get<Selection>("selection").select(placed as never);
  return placed;
}

/** Puts a shape in the middle of what is seen, for those who use no mouse. */
export function put(services: Services, what: Drawable): void {
  const canvas = services.get<Canvas>("canvas");
  const view = canvas.viewbox();
  const middle = { x: Math.round(view.x + view.width / 2), y: Math.round(view.y + view.height / 2) };
  const made = services.get<Modeling>("modeling").createElements(shapes(services, what) as never, middle, canvas.getRootElement() as never);
  services.get<Selection>("selection").select(made[0] as never);
}

/** Turns an element into another one of its family, in one step. */
export function turn(services: Services, element: Element, what: Drawable): void {
  together(services, () => {
    const target = { type: what.type, ...(what.definition ? { eventDefinitionType: what.definition } : {}), ...(what.key === "subprocess" ? { isExpanded: true } : {}) };
    const turned = services.get<BpmnReplace>("bpmnReplace").replaceElement(element, target as TargetElement);
    const modeling = services.get<Modeling>("modeling");
    if (what.key === "message-start") {
      const extensionElements = triggered(services.get<BpmnFactory>("bpmnFactory"), turned, { triggerType: "incomingWebhook" });
      modeling.updateProperties(turned, { extensionElements });
    }
    if (what.key === "script-task") modeling.updateProperties(turned, { scriptFormat: "javascript" });
  });
}
