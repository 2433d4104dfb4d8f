import type EventBus from "diagram-js/lib/core/EventBus";
import type TextRenderer from "bpmn-js/lib/draw/TextRenderer";
import type { Element } from "bpmn-js/lib/model/Types";

/** bpmn-js makes its own labels this wide, and files store them narrower. */
const WIDTH = 90;

/**
 * Labels beside elements were measured with the font of whoever drew them; where ours is wider, words would break
 * ("ye/s"). They are given the room they need before they are drawn; the file keeps its numbers.
 */
function widen(events: EventBus, renderer: TextRenderer): void {
  events.on("shape.add", ({ element }: { element: Element }) => {
    if (!("labelTarget" in element) || !("width" in element)) return;
    const { x, y, width, height } = element as unknown as Box;
    const name: unknown = element.businessObject?.name;
    if (typeof name !== "string" || name === "" || width >= WIDTH) return;
    Object.assign(element, renderer.getExternalLabelBounds({ x, y, width, height }, name));
  });
}
widen.$inject = ["eventBus", "textRenderer"];

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** For `additionalModules`. */
export const ROOM_FOR_LABELS = { __init__: ["roomForLabels"], roomForLabels: ["type", widen] };
