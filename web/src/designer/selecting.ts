import type EventBus from "diagram-js/lib/core/EventBus";
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import SelectionBehavior from "diagram-js/lib/features/selection/SelectionBehavior";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { hasSecondaryModifier } from "diagram-js/lib/util/Mouse";
import { withoutOwnLabels } from "./labels";

/**
 * diagram-js's own, but for two things: a plain click on what is selected leaves it selected, since who clicks an
 * element wants to see its properties; and what is put down with its name is one element, not two.
 */
function behaviour(events: EventBus, selection: Selection, canvas: Canvas, elements: ElementRegistry): SelectionBehavior {
  let plain = false;
  // before the behaviour itself
  events.on("element.click", 1500, (event: Event) => {
    plain = !hasSecondaryModifier(event as MouseEvent);
  });
  const own = {
    get: () => selection.get(),
    isSelected: (element: never) => selection.isSelected(element),
    select: (chosen: never, add?: boolean) => selection.select(Array.isArray(chosen) ? (withoutOwnLabels(chosen) as never) : chosen, add),
    deselect: (element: never) => plain || selection.deselect(element),
  };
  return new SelectionBehavior(events, own as never, canvas, elements);
}
behaviour.$inject = ["eventBus", "selection", "canvas", "elementRegistry"];

/** In the place of diagram-js's own. */
export const SELECTING = { selectionBehavior: ["factory", behaviour] };
