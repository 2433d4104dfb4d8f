import type { Element } from "bpmn-js/lib/model/Types";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import { useQueries } from "@tanstack/react-query";
import type { components } from "#schema";
import { type PayloadShape, payloadShape } from "../../api/processes";
import type { Known } from "../../components/code/Code";
import { text } from "../../components/diagram/moddle";
import { usePlace } from "../../shell/place";
import { model } from "../properties";
import { startSources } from "../trial/sources";
import type { Designer } from "../useDesigner";

type ShapeNode = components["schemas"]["ShapeNode"];

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

/** What scripts of the process can read: the event as recent ones were, and what its scripts write. */
export function useKnown(designer: Designer, writes: boolean): Known[] {
  const place = usePlace();
  const sources = startSources(designer);
  const shapes = useQueries({ queries: sources.map((source) => payloadShape(place, source)) });
  return known(scripts(designer), writes, shaped(shapes.flatMap((shape) => shape.data ?? [])));
}

/** `webhookData` with what was seen in recent events; of several webhooks, what any of them had. */
export function shaped(shapes: PayloadShape[]): Known {
  const [dateTime, payload, headers] = WEBHOOK_DATA.fields ?? [];
  if (!dateTime || !payload || !headers) return WEBHOOK_DATA;
  const all = (which: "payload" | "headers") => shapes.map((shape) => shape[which]).filter((node) => node.fields.length > 0 || node.items);
  return { ...WEBHOOK_DATA, fields: [dateTime, { ...payload, ...contents(all("payload")) }, { ...headers, ...contents(all("headers")) }] };
}

/** Fields of several nodes under one name each. */
function contents(nodes: ShapeNode[]): Pick<Known, "fields" | "items"> {
  const byName = new Map<string, ShapeNode[]>();
  for (const field of nodes.flatMap((node) => node.fields)) byName.set(field.name ?? "", [...(byName.get(field.name ?? "") ?? []), field]);
  const items = nodes.flatMap((node) => node.items ?? []);
  return {
    ...(byName.size > 0 ? { fields: [...byName].map(([name, all]) => ofShape(name, all)) } : {}),
    ...(items.length > 0 ? { items: ofShape("0", items) } : {}),
  };
}

function ofShape(name: string, nodes: ShapeNode[]): Known {
  const types = [...new Set(nodes.flatMap((node) => node.types))];
  const example = nodes.find((node) => node.example !== null)?.example ?? undefined;
  const said = [nodes.some((node) => node.optional) && "not always there", nodes.some((node) => node.big) && "BigInt", example && `for example ${example.slice(0, 100)}`];
  const info = said.filter(Boolean).join("; ");
  return { name, type: types.join(" | "), ...(info ? { info } : {}), ...contents(nodes) };
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
