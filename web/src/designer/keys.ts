import type { Element } from "bpmn-js/lib/model/Types";
import type { Injector } from "didi";
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type EventBus from "diagram-js/lib/core/EventBus";
import type Keyboard from "diagram-js/lib/features/keyboard/Keyboard";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { goesOn } from "./contextPad";
import type { Services } from "./make";
import { open } from "./menus";

/** Before bpmn-js's own keys. */
const FIRST = 1500;

/** Keys that bpmn-js has no acts for: everything that the mouse can draw can be drawn without one. */
function register(keyboard: Keyboard, events: EventBus, injector: Injector): void {
  const services = injector as Services;
  const chosen = () => {
    const all = services.get<Selection>("selection").get() as Element[];
    return all.length === 1 ? all[0] : undefined;
  };
  const keys: Record<string, () => boolean> = {
    a: () => {
      const one = chosen();
      if (one && goesOn(one)) open(services, "forebay-append", one);
      else open(services, "forebay-create");
      return true;
    },
    n: () => {
      open(services, "forebay-create");
      return true;
    },
    c: () => {
      const one = chosen();
      if (!one || !goesOn(one)) return false;
      open(services, "forebay-connect", one);
      return true;
    },
    j: () => step(services, chosen(), 1),
    k: () => step(services, chosen(), -1),
  };
  keyboard.addListener(FIRST, ({ keyEvent }: { keyEvent: KeyboardEvent }) => {
    if (keyboard.hasModifier(keyEvent)) return undefined;
    return keys[keyEvent.key.toLowerCase()]?.() || undefined;
  });
  events.on(["popupMenu.close", "directEditing.complete", "directEditing.cancel"], () => {
    // what had the keys is gone; unless the person went elsewhere, the canvas has them again.
    // Not `restoreFocus`, which waits for a timer: on a busy machine the next key came before it and was lost
    queueMicrotask(() => document.activeElement === document.body && services.get<Canvas>("canvas").focus());
  });
}
register.$inject = ["keyboard", "eventBus", "injector"];

/** Selects the element after or before, from left to right as it is drawn. */
function step(services: Services, from: Element | undefined, by: 1 | -1): boolean {
  const canvas = services.get<Canvas>("canvas");
  const root = canvas.getRootElement();
  const all = (services.get<ElementRegistry>("elementRegistry").filter((one) => {
    const element = one as Element;
    return "parent" in element && Boolean(element.parent) && element.type !== "label" && canvas.findRoot(one) === root;
  }) as Element[]).toSorted((one, other) => left(one) - left(other));
  if (all.length === 0) return false;
  const at = from ? all.indexOf(from) : by === 1 ? -1 : 0;
  const next = all[(at + by + all.length) % all.length];
  services.get<Selection>("selection").select(next as never);
  canvas.scrollToElement(next as never, 80);
  return true;
}

function left(element: Element): number {
  const points = "waypoints" in element && Array.isArray(element.waypoints) ? (element.waypoints as { x: number }[]) : undefined;
  if (points) return ((points[0]?.x ?? 0) + (points.at(-1)?.x ?? 0)) / 2;
  return "x" in element ? Number(element.x) : 0;
}

/** For `additionalModules`. */
export const KEYS = { __init__: ["forebayKeys"], forebayKeys: ["type", register] };
