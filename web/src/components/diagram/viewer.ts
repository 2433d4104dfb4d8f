import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./diagram.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import type BaseViewer from "bpmn-js/lib/BaseViewer";
import type { Element } from "bpmn-js/lib/model/Types";
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type { Point } from "diagram-js/lib/util/Types";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { ROOM_FOR_LABELS } from "./labels";
import { RENDERER } from "./look";
import { FOREBAY, type ModdleElement, listed } from "./moddle";

/** A viewer in a place of the page. `onSelect` is called with the id of the element that was clicked, or nothing. */
export function viewer(container: HTMLElement, onSelect: (id: string | undefined) => void): NavigatedViewer {
  const made = new NavigatedViewer({ container, moddleExtensions: { forebay: FOREBAY }, bpmnRenderer: RENDERER, additionalModules: [ROOM_FOR_LABELS] });
  made.on("element.click", ({ element }: { element: Element }) => {
    const shown = "labelTarget" in element && element.labelTarget ? (element.labelTarget as Element) : element;
    onSelect("parent" in shown && shown.parent ? shown.id : undefined);
  });
  return made;
}

/** What a file was shown as. */
export interface Shown {
  /** The file has no layout: one was made for looking at it. */
  laidOut: boolean;
  /** Names of elements that the file's layout leaves out. */
  missing: string[];
}

/** Reads a file into a viewer or modeler and draws it. Throws where it is no BPMN. */
export async function draw(into: BaseViewer, xml: string): Promise<Shown> {
  const needed = !hasLayout(xml);
  await into.importXML(needed ? await withLayout(xml) : xml);
  return { laidOut: needed, missing: missing(into) };
}

/** Whether a file says where its elements stand. */
export function hasLayout(xml: string): boolean {
  return /<(?:[\w.-]+:)?BPMNShape[\s/>]/.test(xml);
}

async function withLayout(xml: string): Promise<string> {
  const { laidOut } = await import("./layout");
  return laidOut(xml);
}

function missing(viewer: BaseViewer): string[] {
  const elements = viewer.get<ElementRegistry>("elementRegistry");
  const names: string[] = [];
  const visit = (scope: ModdleElement) => {
    for (const element of listed(scope, "flowElements")) {
      const drawn = element.id !== undefined && elements.get(element.id);
      if (!drawn && isNode(element)) names.push(element.name || element.id || element.$type);
      visit(element);
    }
  };
  const definitions: ModdleElement = viewer.getDefinitions();
  listed(definitions, "rootElements").forEach(visit);
  return names;
}

function isNode(element: ModdleElement): boolean {
  return /(Event|Task|Gateway|Process|Activity)$/.test(element.$type) || element.$type === "bpmn:Transaction";
}

/** The word is right; the package's types know points only. */
const MIDDLE = "auto" as unknown as Point;

/** Air around what is drawn, in pixels. */
const AIR = 24;

/** Everything in sight and in the middle, not larger than life. `left`: pixels at the left that something stands on. */
export function fit(viewer: BaseViewer, left = 0): void {
  const canvas = viewer.get<Canvas>("canvas");
  const { width, height } = canvas.getSize();
  const room = { width: width - left - 2 * AIR, height: height - 2 * AIR };
  const { inner } = canvas.viewbox();
  if (room.width <= 0 || room.height <= 0 || inner.width === 0) return;
  const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
  canvas.viewbox({
    x: inner.x + inner.width / 2 - (left + (width - left) / 2) / scale,
    y: inner.y + inner.height / 2 - height / 2 / scale,
    width: width / scale,
    height: height / scale,
  });
}

/** Closer or farther, around the middle. */
export function zoom(viewer: BaseViewer, factor: number): void {
  const canvas = viewer.get<Canvas>("canvas");
  canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), MIDDLE);
}

/** Selects an element and brings it into sight, in whichever subprocess it is; nothing selects nothing. */
export function select(viewer: BaseViewer, id: string | undefined): void {
  const selection = viewer.get<Selection>("selection");
  const element = id === undefined ? undefined : viewer.get<ElementRegistry>("elementRegistry").get(id);
  if (!element) {
    selection.select(null as never);
    return;
  }
  const canvas = viewer.get<Canvas>("canvas");
  const root = canvas.findRoot(element as never);
  if (root) canvas.setRootElement(root);
  selection.select(element as never);
  canvas.scrollToElement(element as never, 80);
}
