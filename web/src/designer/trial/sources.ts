import type { Element } from "bpmn-js/lib/model/Types";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import { trigger } from "../properties";
import type { Designer } from "../useDesigner";

/** The webhooks that start what is drawn. */
export function startSources({ modeler }: Designer): string[] {
  const all = modeler.get<ElementRegistry>("elementRegistry").getAll() as Element[];
  const found = all.filter((element) => element.type === "bpmn:StartEvent").flatMap((element) => trigger(element)?.dataSource?.toLowerCase() ?? []);
  return [...new Set(found)];
}
