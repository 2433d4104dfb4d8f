import type { Connection, Element, Shape } from "bpmn-js/lib/model/Types";
import type EventBus from "diagram-js/lib/core/EventBus";
import type Modeling from "bpmn-js/lib/features/modeling/Modeling";
import type { Services } from "./make";
import type { Drawable, Group } from "./runs";

/** What other elements may follow. */
const GO_ON: Group[] = ["Tasks", "Gateways", "Containers"];

/** Before a new element, and after it: there its buttons stand while it is selected. */
const BEFORE = 50;
const AFTER = 100;

/**
 * The flow on which something that is appended takes its place: the only one out of an element, where it leads to an
 * end. A second flow beside it would be taken as well, which hardly anybody wants; out of a gateway it is what is wanted.
 */
export function lastFlow(source: Element, what: Drawable): Connection | undefined {
  if (!GO_ON.includes(what.group) || source.type.endsWith("Gateway")) return undefined;
  const outgoing = "outgoing" in source ? (source.outgoing as Connection[]) : [];
  const flows = outgoing.filter((flow) => flow.type === "bpmn:SequenceFlow");
  const [only] = flows;
  return flows.length === 1 && (only?.target as Element | undefined)?.type === "bpmn:EndEvent" ? only : undefined;
}

/** Puts a shape between an element and the end that follows it; the end makes room where there is too little. */
export function insert(services: Services, shape: Shape, flow: Connection): Element {
  const modeling = services.get<Modeling>("modeling");
  const source = flow.source as Shape;
  const end = flow.target as Shape;
  const right = source.x + source.width;
  const middle = source.y + source.height / 2;
  const straight = end.x >= right && Math.abs(end.y + end.height / 2 - middle) < 1;
  const place = straight
    ? { x: right + BEFORE + shape.width / 2, y: middle }
    : (services.get<EventBus>("eventBus").fire("autoPlace", { source, shape } as never) as { x: number; y: number });
  const lacking = place.x + shape.width / 2 + AFTER - end.x;
  if (end.x >= right && lacking > 0) modeling.moveElements([end], { x: lacking, y: 0 });
  const placed = modeling.createShape(shape, place, source.parent as never) as Shape;
  modeling.reconnectEnd(flow, placed as never, { x: placed.x + placed.width / 2, y: placed.y + placed.height / 2 });
  modeling.connect(placed, end);
  return placed;
}
