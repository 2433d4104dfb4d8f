import type { Element } from "bpmn-js/lib/model/Types";
import type { Injector } from "didi";
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type PopupMenu from "diagram-js/lib/features/popup-menu/PopupMenu";
import type { PopupMenuEntries } from "diagram-js/lib/features/popup-menu/PopupMenuProvider";
import type Modeling from "bpmn-js/lib/features/modeling/Modeling";
import type Rules from "diagram-js/lib/features/rules/Rules";
import { type Services, append, put, turn } from "./make";
import { APPENDABLE, DRAWABLE, type Drawable, turnableInto } from "./runs";

type Menu = "bpmn-replace" | "forebay-append" | "forebay-create" | "forebay-connect";

const TITLES: Record<Menu, string> = {
  "bpmn-replace": "Change element",
  "forebay-append": "Append element",
  "forebay-create": "Create element",
  "forebay-connect": "Connect to",
};

/** A menu with search and results is at most as high. */
const HEIGHT = 345;

/** Opens a menu beside an element, or in the middle of the canvas. */
export function open(services: Services, menu: Menu, element?: Element): void {
  const canvas = services.get<Canvas>("canvas");
  const popup = services.get<PopupMenu>("popupMenu");
  const target = element ?? canvas.getRootElement();
  const box = canvas.getContainer().getBoundingClientRect();
  const bounds = element ? canvas.getAbsoluteBBox(element as never) : undefined;
  const x = bounds ? box.left + bounds.x + bounds.width : box.left + box.width / 2 - 150;
  const y = bounds ? box.top + bounds.y : box.top + 80;
  // no menu covers the mark of bpmn.io at the bottom right
  const within = { x: Math.min(x, box.right - 320), y: Math.max(box.top + 4, Math.min(y, box.bottom - HEIGHT - 40)) };
  popup.open(target as never, menu, within as never, { title: TITLES[menu], width: 300, search: true } as never);
}

/** What may be drawn, as a menu. */
export function choices(of: Drawable[], choose: (what: Drawable) => void): PopupMenuEntries {
  return Object.fromEntries(
    of.map((what) => [
      what.key,
      { label: what.label, className: what.icon, group: { id: what.group, name: what.group }, action: () => choose(what) },
    ]),
  );
}

/** The elements that a flow out of this one may lead to. */
export function targets(services: Services, source: Element): Element[] {
  const rules = services.get<Rules>("rules");
  return services.get<ElementRegistry>("elementRegistry").filter((one) => {
    const element = one as Element;
    const isNode = "parent" in element && element.parent && !("waypoints" in element) && !("labelTarget" in element && element.labelTarget);
    return Boolean(isNode) && element !== source && Boolean(rules.allowed("connection.create", { source, target: element }));
  }) as Element[];
}

/** What an element is called in a list. */
export function called(element: Element): string {
  const name: unknown = element.businessObject?.name ?? element.businessObject?.text;
  return typeof name === "string" && name.trim() !== "" ? name : element.id;
}

function register(popup: PopupMenu, injector: Injector): void {
  const services = injector as Services;
  const provide = (menu: Menu, entries: (element: Element) => PopupMenuEntries) =>
    popup.registerProvider(menu, { getPopupMenuEntries: (target) => entries(target as Element) });
  provide("bpmn-replace", (element) => ({
    ...choices(turnableInto(element), (what) => turn(services, element, what)),
  }));
  provide("forebay-append", (element) => choices(APPENDABLE, (what) => append(services, element, what)));
  provide("forebay-create", () => choices(DRAWABLE, (what) => put(services, what)));
  provide("forebay-connect", (source) =>
    Object.fromEntries(
      targets(services, source).map((target) => [
        target.id,
        { label: called(target), description: target.id, action: () => services.get<Modeling>("modeling").connect(source, target) },
      ]),
    ),
  );
}
register.$inject = ["popupMenu", "injector"];

/** In the place of bpmn-js's own menu, and three more for the keyboard. */
export const MENUS = { replaceMenuProvider: ["type", register] };
