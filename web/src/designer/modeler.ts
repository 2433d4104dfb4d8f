import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-codes.css";
import "../components/diagram/diagram.css";
import "./designer.css";
import Modeler from "bpmn-js/lib/Modeler";
import { ROOM_FOR_LABELS } from "../components/diagram/labels";
import { RENDERER } from "../components/diagram/look";
import { FOREBAY } from "../components/diagram/moddle";
import { CONTEXT_PAD } from "./contextPad";
import { KEYS } from "./keys";
import { MENUS } from "./menus";
import { PALETTE } from "./palette";
import { SELECTING } from "./selecting";
import { TOGETHER } from "./together";

/** bpmn-js with our palette, menus and keys: it draws what the engine runs. */
export function modeler(container: HTMLElement): Modeler {
  return new Modeler({
    container,
    moddleExtensions: { forebay: FOREBAY },
    bpmnRenderer: RENDERER,
    additionalModules: [PALETTE, CONTEXT_PAD, MENUS, KEYS, SELECTING, TOGETHER, ROOM_FOR_LABELS],
  });
}
