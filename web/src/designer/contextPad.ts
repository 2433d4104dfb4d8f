import type { Element } from "bpmn-js/lib/model/Types";
import type { Injector } from "didi";
import type ContextPad from "diagram-js/lib/features/context-pad/ContextPad";
import type { ContextPadEntries } from "diagram-js/lib/features/context-pad/ContextPadProvider";
import type Connect from "diagram-js/lib/features/connect/Connect";
import type Modeling from "bpmn-js/lib/features/modeling/Modeling";
import { type Services, append, draw } from "./make";
import { open } from "./menus";
import { DRAWABLE, turnableInto } from "./runs";

/** What is most often wanted next; the rest is behind "more". */
const NEXT = ["script-task", "exclusive-gateway", "end", "annotation"];

/** What can be done with an element. */
export function entries(services: Services, element: Element): ContextPadEntries {
  const remove = {
    group: "edit", className: "bpmn-icon-trash", title: "Remove",
    action: { click: (_: Event, which: Element) => services.get<Modeling>("modeling").removeElements([which]) },
  };
  if ("labelTarget" in element && element.labelTarget) return { delete: remove } as unknown as ContextPadEntries;
  const found: Record<string, unknown> = {};
  if (goesOn(element)) {
    for (const what of DRAWABLE.filter((one) => NEXT.includes(one.key))) {
      found[`append.${what.key}`] = {
        group: "model", className: what.icon, title: `Append: ${what.label}`,
        action: {
          click: (_: Event, source: Element) => append(services, source, what),
          dragstart: (event: Event, source: Element) => draw(services, event, what, source),
        },
      };
    }
    found["append.more"] = {
      group: "model", className: "bpmn-icon-subprocess-collapsed", title: "Append: more (A)",
      action: { click: (_: Event, source: Element) => open(services, "forebay-append", source) },
    };
  }
  if (turnableInto(element).length > 0) {
    found["replace"] = {
      group: "edit", className: "bpmn-icon-screw-wrench", title: "Change element (R)",
      action: { click: (_: Event, which: Element) => open(services, "bpmn-replace", which) },
    };
  }
  if (goesOn(element) || element.type === "bpmn:TextAnnotation") {
    const connect = (event: Event, which: Element) => services.get<Connect>("connect").start(event as never, which as never);
    found["connect"] = { group: "connect", className: "bpmn-icon-connection-multi", title: "Connect", action: { click: connect, dragstart: connect } };
  }
  found["delete"] = remove;
  return found as ContextPadEntries;
}

/** Whether something may follow it. */
export function goesOn(element: Element): boolean {
  return /(StartEvent|Task|Gateway|SubProcess|CallActivity|IntermediateCatchEvent|IntermediateThrowEvent|BoundaryEvent)$/.test(element.type);
}

function register(pad: ContextPad, injector: Injector): void {
  const services = injector as Services;
  pad.registerProvider({
    getContextPadEntries: (element: Element) => entries(services, element),
    getMultiElementContextPadEntries: () => ({
      delete: {
        group: "edit", className: "bpmn-icon-trash", title: "Remove",
        action: { click: (_: Event, elements: Element[]) => services.get<Modeling>("modeling").removeElements([...elements]) },
      },
    }),
  } as never);
}
register.$inject = ["contextPad", "injector"];

/** In the place of bpmn-js's own. */
export const CONTEXT_PAD = { contextPadProvider: ["type", register] };
