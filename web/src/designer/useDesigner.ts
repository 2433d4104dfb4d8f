import type Modeler from "bpmn-js/lib/Modeler";
import type { Element } from "bpmn-js/lib/model/Types";
import type Canvas from "diagram-js/lib/core/Canvas";
import type CommandStack from "diagram-js/lib/command/CommandStack";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type Selection from "diagram-js/lib/features/selection/Selection";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { said } from "../api/refusal";
import { type Shown, draw, fit, select } from "../components/diagram/viewer";
import { DESIGNER } from "../texts/designer";
import { Edits } from "./edits";
import { withoutOwnLabels } from "./labels";
import { modeler } from "./modeler";
import { trigger } from "./properties";
import { rehearse } from "./rehearsal";
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
  /** Where it cannot be drawn, what is drawn stays, and the person is told. */
  load: (xml: string, foreign: boolean) => Promise<void>;
  /** Tells why a file is not taken; nothing: it is told no more. */
  refuse: (why: string | undefined) => void;
  keep: () => void;
  select: (id: string) => void;
}

/** A modeler in a place of the page, and what it shows now; `element`: what is selected at first. React mounts twice while developing; each mount has its own. */
export function useDesigner(place: RefObject<HTMLDivElement | null>, first: string, element: string | undefined) {
  const made = useRef<{ modeler: Modeler; edits: Edits }>(undefined);
  const [state, setState] = useState<Designer>();
  const [stored, setStored] = useState<string>();
  const [refused, refuse] = useState<string>();
  const begin = useRef({ first, element });
  const shown = useRef<Shown>({ laidOut: false, missing: [] });
  const revision = useRef(0);
  const drawn = useRef(false);

  const look = useCallback(() => {
    if (made.current) setState(snapshot(made.current, shown.current, revision.current));
  }, []);

  const load = useCallback(
    async (xml: string, foreign: boolean) => {
      const one = made.current;
      if (!one) return;
      try {
        if (foreign || drawn.current) await rehearse(xml);
        if (made.current !== one) return;
        shown.current = await draw(one.modeler, xml);
      } catch (error) {
        if (made.current === one) (foreign || drawn.current ? refuse : setStored)(said(error));
        throw error;
      }
      if (made.current !== one) return;
      drawn.current = true;
      one.edits.reset();
      if (foreign) one.edits.foreign();
      settle(one.modeler);
      setStored(undefined);
      refuse(undefined);
      revision.current += 1;
      look();
    },
    [look],
  );

  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    made.current = mounted(box, look, () => {
      revision.current += 1;
      look();
    });
    const one = made.current.modeler;
    const chosen = () => {
      const id = begin.current.element ?? unconnected(one);
      if (made.current?.modeler === one && id !== undefined) select(one, id);
    };
    void load(begin.current.first, false).then(chosen, () => undefined);
    const watch = new ResizeObserver(() => resized(one));
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.current = undefined;
      drawn.current = false;
      one.destroy();
      setState(undefined);
    };
  }, [place, load, look]);

  const acts = useMemo<Acts>(
    () => ({
      load,
      refuse,
      xml: async () => (await made.current?.modeler.saveXML({ format: true }))?.xml ?? "",
      keep: () => {
        made.current?.edits.keep();
        refuse(undefined);
        look();
      },
      select: (id) => made.current && select(made.current.modeler, id),
    }),
    [load, look],
  );
  // on an empty canvas nothing is to be drawn: saving it would take the place of the file that could not be
  return { designer: stored === undefined ? state : undefined, stored, refused, acts };
}

/** A modeler that says when something else is looked at, and when something has changed. */
function mounted(box: HTMLElement, look: () => void, changed: () => void): { modeler: Modeler; edits: Edits } {
  const one = modeler(box);
  // follows before anybody looks
  const edits = new Edits(one);
  name(box);
  one.on("commandStack.changed", changed);
  one.on("selection.changed", look);
  one.on("root.set", look);
  return { modeler: one, edits };
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
