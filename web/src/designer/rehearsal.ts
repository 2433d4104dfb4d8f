import type { Element } from "bpmn-js/lib/model/Types";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import { draw, viewer } from "../components/diagram/viewer";
import { DESIGNER } from "../texts/designer";

/**
 * Draws a file where nobody sees it, and throws where that fails: a canvas is emptied before it is known whether the
 * next file can be drawn on it.
 */
export async function rehearse(xml: string): Promise<void> {
  const unseen = viewer(document.createElement("div"), () => undefined);
  try {
    const { missing } = await draw(unseen, xml);
    const drawn = unseen.get<ElementRegistry>("elementRegistry").filter((one) => Boolean((one as Element & { parent?: unknown }).parent));
    if (drawn.length === 0 && missing.length > 0) throw new Error(DESIGNER.nothingDrawn);
  } finally {
    unseen.destroy();
  }
}
