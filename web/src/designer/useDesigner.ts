import type Modeler from "bpmn-js/lib/Modeler";
import type { Element } from "bpmn-js/lib/model/Types";
import type Canvas from "diagram-js/lib/core/Canvas";
import type CommandStack from "diagram-js/lib/command/CommandStack";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Shown, draw, fit, select } from "../components/diagram/viewer";
import { DESIGNER } from "../texts/designer";
import { Edits } from "./edits";
import { withoutOwnLabels } from "./labels";
import { modeler } from "./modeler";
import { trigger } from "./properties";
import { definitionOf } from "./runs";

/** The designer as the page sees it. It is another object after each change of the diagram or the selection. */
export interface Designer {
  modeler: Modeler;
  edits: Edits;
  /** What is selected, alone; the process itself where nothing is. */
  element: Element;
  /** Counts changes of the diagram. */
  revision: number;
  shown: Shown;
  dirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** How many elements are selected. */
  chosen: number;
}

/** What a page does with it. */
export interface Acts {
  xml: () => Promise<string>;
  load: (xml: string, foreign: boolean) => Promise<void>;
  keep: () => void;
  select: (id: string) => void;
}

/** A modeler in a place of the page, and what it shows now; `element`: what is selected at first. React mounts twice while developing; each mount has its own. */
export function useDesigner(place: RefObject<HTMLDivElement | null>, first: string, element: string | undefined) {
  const made = useRef<{ modeler: Modeler; edits: Edits }>(undefined);
  const [state, setState] = useState<Designer>();
  const [trouble, setTrouble] = useState<string>();
  const begin = useRef({ first, element });
  const shown = useRef<Shown>({ laidOut: false, missing: [] });
  const revision = useRef(0);

  const look = useCallback(() => {
    if (made.current) setState(snapshot(made.current, shown.current, revision.current));
  }, []);

  const load = useCallback(
    async (xml: string, foreign: boolean) => {
      const one = made.current;
      if (!one) return;
      try {
        shown.current = await draw(one.modeler, xml);
      } catch (error) {
        if (made.current === one) setTrouble(error instanceof Error ? error.message : String(error));
        throw error;
      }
      if (made.current !== one) return;
      one.edits.reset();
      if (foreign) one.edits.foreign();
      settle(one.modeler);
      setTrouble(undefined);
      revision.current += 1;
      look();
    },
    [look],
  );

  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const one = modeler(box);
    made.current = { modeler: one, edits: new Edits(one) };
    name(box);
    one.on("commandStack.changed", () => {
      revision.current += 1;
      look();
    });
    one.on("selection.changed", look);
    one.on("root.set", look);
    void load(begin.current.first, false).then(
      () => {
        const id = begin.current.element ?? unconnected(one);
        if (made.current?.modeler === one && id !== undefined) select(one, id);
      },
      () => undefined,
    );
    const watch = new ResizeObserver(() => resized(one));
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.current = undefined;
      one.destroy();
      setState(undefined);
    };
  }, [place, load, look]);

  const acts = useMemo<Acts>(
    () => ({
      load,
      xml: async () => (await made.current?.modeler.saveXML({ format: true }))?.xml ?? "",
      keep: () => {
        made.current?.edits.keep();
        look();
      },
      select: (id) => made.current && select(made.current.modeler, id),
    }),
    [load, look],
  );
  return { designer: state, trouble, acts };
}

function snapshot({ modeler, edits }: { modeler: Modeler; edits: Edits }, shown: Shown, revision: number): Designer {
  const commands = modeler.get<CommandStack>("commandStack");
  const chosen = withoutOwnLabels(modeler.get<Selection>("selection").get() as Element[]);
  const only = chosen.length === 1 ? chosen[0] : undefined;
  const element = only && "labelTarget" in only && only.labelTarget ? (only.labelTarget as Element) : only;
  return {
    modeler, edits, revision, shown,
    element: element ?? (modeler.get<Canvas>("canvas").getRootElement() as unknown as Element),
    dirty: edits.dirty,
    canUndo: commands.canUndo(),
    canRedo: commands.canRedo(),
    chosen: chosen.length,
  };
}

/** A message start event without a webhook: in a new process that is what to do first. */
function unconnected(modeler: Modeler): string | undefined {
  const elements = modeler.get<ElementRegistry>("elementRegistry").getAll() as Element[];
  const starts = elements.filter((one) => one.type === "bpmn:StartEvent" && definitionOf(one) === "bpmn:MessageEventDefinition");
  return starts.find((one) => trigger(one)?.dataSource === undefined)?.id;
}

/** The window, or what stands around the canvas, took another size. What was in sight as a whole stays in sight. */
function resized(modeler: Modeler): void {
  const canvas = modeler.get<Canvas>("canvas");
  const whole = isWhole(canvas);
  const before = canvas.viewbox().outer;
  canvas.resized();
  const { width, height } = canvas.getSize();
  if (!whole || width === 0) return;
  if (!isWhole(canvas)) settle(modeler);
  // what stood in the middle stays there
  else if (before.width > 0) canvas.scroll({ dx: (width - before.width) / 2, dy: (height - before.height) / 2 });
}

function isWhole(canvas: Canvas): boolean {
  const { x, y, width, height, inner } = canvas.viewbox();
  if (width === 0 || height === 0) return true;
  return inner.x >= x && inner.y >= y && inner.x + inner.width <= x + width && inner.y + inner.height <= y + height;
}

/** The palette takes the left side of the canvas: what is drawn stands beside it. */
export function settle(modeler: Modeler): void {
  const palette = modeler.get<Canvas>("canvas").getContainer().querySelector(".djs-palette");
  fit(modeler, palette instanceof HTMLElement ? palette.offsetLeft + palette.offsetWidth : 0);
}

/** The canvas has the keys of the designer, so it has a name that says so. */
function name(box: HTMLElement): void {
  const canvas = box.querySelector("svg[tabindex]");
  canvas?.setAttribute("role", "application");
  canvas?.setAttribute("aria-label", DESIGNER.canvas);
}
