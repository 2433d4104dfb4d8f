import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";
import type Palette from "diagram-js/lib/features/palette/Palette";
import type { PaletteEntries } from "diagram-js/lib/features/palette/PaletteProvider";
import type EditorActions from "diagram-js/lib/features/editor-actions/EditorActions";
import type { Injector } from "didi";
import { DRAWABLE, type Drawable, type Group } from "./runs";
import { type Services, draw, put } from "./make";

const TOOLS: [action: string, icon: string, title: string][] = [
  ["handTool", "bpmn-icon-hand-tool", "Move the view (H)"],
  ["lassoTool", "bpmn-icon-lasso-tool", "Select several (L)"],
  ["spaceTool", "bpmn-icon-space-tool", "Make or take room (S)"],
  ["globalConnectTool", "bpmn-icon-connection-multi", "Connect elements"],
];

const GROUPS: Group[] = ["Start Events", "End Events", "Tasks", "Gateways", "Containers", "Notes"];

/** The entries: tools, then what the engine runs, group by group. */
export function entries(services: Services): PaletteEntries {
  const found: PaletteEntries = {};
  for (const [action, className, title] of TOOLS) {
    found[`tool.${action}`] = { group: "tools", className, title, action: () => services.get<EditorActions>("editorActions").trigger(action, undefined as never) };
  }
  for (const group of GROUPS) {
    for (const one of DRAWABLE.filter((each) => each.group === group)) found[`create.${one.key}`] = entry(services, one);
  }
  return found;
}

function entry(services: Services, what: Drawable) {
  const start = (event: Event) => {
    // a click that comes from the keyboard has no place to hang the shape on
    if (event instanceof MouseEvent && event.detail === 0 && event.type === "click") put(services, what);
    else draw(services, event, what);
  };
  return { group: what.group, className: what.icon, title: what.label, action: { dragstart: start, click: start } };
}

function provider(palette: Palette, events: EventBus, services: Injector): void {
  palette.registerProvider({ getPaletteEntries: () => entries(services as Services) });
  // bpmn-js calls its entries buttons; these can be used like buttons
  events.on("palette.changed", () => {
    for (const entry of services.get<Canvas>("canvas").getContainer().querySelectorAll(".djs-palette .entry")) entry.setAttribute("tabindex", "0");
  });
  events.on("palette.create", ({ container }: { container: HTMLElement }) => {
    container.addEventListener("keydown", (event) => {
      const { target } = event;
      if ((event.key !== "Enter" && event.key !== " ") || !(target instanceof HTMLElement) || !target.matches(".entry")) return;
      event.preventDefault();
      target.click();
    });
  });
}
provider.$inject = ["palette", "eventBus", "injector"];

/** In the place of bpmn-js's own. */
export const PALETTE = { paletteProvider: ["type", provider] };
