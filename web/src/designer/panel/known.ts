import type { Element } from "bpmn-js/lib/model/Types";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type { Known } from "../../components/code/Code";
import { text } from "../../components/diagram/moddle";
import { model } from "../properties";
import type { Designer } from "../useDesigner";

const WEBHOOK_DATA: Known = {
  name: "webhookData",
  type: "object",
  info: "The event that started the process",
  fields: [
    { name: "dateTime", type: "string", info: "When the request came, in UTC" },
    { name: "payload", type: "object", info: "The body of the request" },
    { name: "headers", type: "object", info: "Its headers; names are read without regard to case" },
  ],
};

/** What scripts of the process can read: the event, and what its scripts write. */
export function useKnown(designer: Designer, writes: boolean): Known[] {
  return known(scripts(designer), writes, WEBHOOK_DATA);
}

/** The same from the texts of the scripts. */
export function known(scripts: string[], writes: boolean, webhookData: Known): Known[] {
  const names = new Set(scripts.flatMap((script) => [...script.matchAll(/\boutput\.([\p{L}_$][\p{L}\p{Nd}_$]*)/gu)].map((found) => found[1] ?? "")));
  names.delete(webhookData.name);
  const variables: Known[] = [webhookData, ...[...names].map((name) => ({ name, info: "Written by a script of this process" }))];
  const input: Known = { name: "input", type: "object", info: "All variables, read-only", fields: variables };
  const output: Known = { name: "output", type: "object", info: "What is assigned here is written into the variables", fields: variables.slice(1) };
  return [...variables, input, ...(writes ? [output] : [])];
}

function scripts(designer: Designer): string[] {
  const all = designer.modeler.get<ElementRegistry>("elementRegistry").getAll() as Element[];
  return all.filter((element) => element.type === "bpmn:ScriptTask").map((element) => text(model(element), "script"));
}
