import type { Element } from "bpmn-js/lib/model/Types";
import type BaseViewer from "bpmn-js/lib/BaseViewer";
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type Overlays from "diagram-js/lib/features/overlays/Overlays";

/** What a mark says of an element. */
export type MarkKind = "path" | "token" | "incident" | "added" | "changed" | "removed" | "moved" | "error" | "warning";

/** A mark on an element or a sequence flow. An element may have several. */
export interface Mark {
  /** The id of the element or flow in the file. */
  element: string;
  kind: MarkKind;
  /** Tokens or incidents, where there is more than one; visits of a path. */
  count?: number;
  /** What stands on hover, as text. */
  title?: string;
}

/** Each mark has a sign and a word, so that colour is never alone. */
export const MARKS: Record<MarkKind, { word: string; sign: string }> = {
  path: { word: "Path", sign: "" },
  token: { word: "Waiting", sign: "●" },
  incident: { word: "Incident", sign: "!" },
  added: { word: "Added", sign: "+" },
  changed: { word: "Changed", sign: "≠" },
  removed: { word: "Removed", sign: "−" },
  moved: { word: "Moved", sign: "↔" },
  error: { word: "Error", sign: "!" },
  warning: { word: "Warning", sign: "?" },
};

/** Paints the marks; returns how to take them off. Marks of elements that are not in the diagram are left out. */
export function paint(viewer: BaseViewer, marks: Mark[]): () => void {
  const canvas = viewer.get<Canvas>("canvas");
  const overlays = viewer.get<Overlays>("overlays");
  const elements = viewer.get<ElementRegistry>("elementRegistry");
  const taken: (() => void)[] = [];
  const badges = new Map<string, number>();
  for (const mark of marks) {
    const element = elements.get(mark.element) as Element | undefined;
    if (!element || !("parent" in element) || !element.parent) continue;
    const name = `mark-${mark.kind}`;
    canvas.addMarker(mark.element, name);
    taken.push(() => elements.get(mark.element) && canvas.removeMarker(mark.element, name));
    if (sign(mark) === "") continue;
    const at = badges.get(mark.element) ?? 0;
    badges.set(mark.element, at + 1);
    const overlay = overlays.add(mark.element, "marks", { position: place(element, at), html: badge(mark), scale: { min: 0.8, max: 1.2 } });
    taken.push(() => overlays.remove(overlay));
  }
  return () => taken.forEach((take) => take());
}

function sign(mark: Mark): string {
  const count = mark.count ?? 1;
  if (mark.kind === "path") return count > 1 ? `${count}×` : "";
  return count > 1 ? `${MARKS[mark.kind].sign} ${count}` : MARKS[mark.kind].sign;
}

/** Along the upper right edge of a shape; on the middle of a flow. */
function place(element: Element, at: number): { top: number; left: number } {
  const points = "waypoints" in element && Array.isArray(element.waypoints) ? (element.waypoints as { x: number; y: number }[]) : undefined;
  if (points) {
    const xs = points.map((point) => point.x);
    const ys = points.map((point) => point.y);
    return { left: (Math.max(...xs) - Math.min(...xs)) / 2 - 10 + at * 24, top: (Math.max(...ys) - Math.min(...ys)) / 2 - 11 };
  }
  const width = "width" in element ? Number(element.width) : 0;
  return { left: width - 12 + at * 24, top: -12 };
}

/** Made by hand and filled as text: titles come from diagrams that anybody may have written. */
function badge(mark: Mark): HTMLElement {
  const node = document.createElement("div");
  node.className = `mark-badge mark-badge-${mark.kind}`;
  node.textContent = sign(mark);
  node.title = mark.title ?? MARKS[mark.kind].word;
  return node;
}
