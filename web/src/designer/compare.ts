import { BpmnModdle } from "bpmn-moddle";
import type { Mark, MarkKind } from "../components/diagram/marks";
import { FOREBAY, type ModdleElement, listed, part, text } from "../components/diagram/moddle";

/** What is said of an element: what it is, and where it stands. */
interface Said {
  meaning: string;
  place: string;
}

/** What two files say differently, as marks on each: added or removed, changed, moved. */
export async function compare(mine: string, theirs: string): Promise<{ mine: Mark[]; theirs: Mark[] }> {
  const [own, other] = await Promise.all([read(mine), read(theirs)]);
  return { mine: marks(own, other, "added"), theirs: marks(other, own, "added") };
}

function marks(here: Map<string, Said>, there: Map<string, Said>, only: MarkKind): Mark[] {
  const found: Mark[] = [];
  for (const [element, said] of here) {
    const other = there.get(element);
    if (!other) found.push({ element, kind: only, title: "Only in this version" });
    else if (other.meaning !== said.meaning) found.push({ element, kind: "changed", title: "Not the same in the other version" });
    else if (other.place !== said.place) found.push({ element, kind: "moved", title: "Elsewhere in the other version" });
  }
  return found;
}

async function read(xml: string): Promise<Map<string, Said>> {
  const moddle = new BpmnModdle({ forebay: FOREBAY });
  const { rootElement } = await moddle.fromXML(xml);
  const places = new Map(listed(rootElement, "diagrams").flatMap((diagram) => listed(part(diagram, "plane"), "planeElement")).map((di) => [part(di, "bpmnElement")?.id ?? "", place(di)]));
  const found = new Map<string, Said>();
  const visit = async (scope: ModdleElement): Promise<void> => {
    for (const element of [...listed(scope, "flowElements"), ...listed(scope, "artifacts")]) {
      if (element.id !== undefined) found.set(element.id, { meaning: await meaning(moddle, element), place: places.get(element.id) ?? "" });
      await visit(element);
    }
  };
  for (const root of listed(rootElement, "rootElements")) await visit(root);
  return found;
}

/** Everything that a file says of an element but what it holds and where its flows come from, which they say themselves. */
async function meaning(moddle: BpmnModdle, element: ModdleElement): Promise<string> {
  const values = ["eventDefinitions", "documentation", "conditionExpression", "extensionElements"].flatMap((name) => {
    const value = element.get(name);
    return Array.isArray(value) ? (value as ModdleElement[]) : value ? [value as ModdleElement] : [];
  });
  // ids of event definitions are made up anew by every tool
  const parts = await Promise.all(values.map(async (value) => (await moddle.toXML(value)).xml.replace(/ id="[^"]*"/, "")));
  const refs = ["sourceRef", "targetRef", "default"].map((name) => part(element, name)?.id ?? "");
  const words = ["name", "script", "scriptFormat", "text"].map((name) => text(element, name));
  return JSON.stringify([element.$type, ...words, ...refs, ...parts]);
}

function place(di: ModdleElement): string {
  const bounds = part(di, "bounds");
  if (bounds) return numbers(bounds, ["x", "y", "width", "height"]).join(" ");
  return listed(di, "waypoint").map((point) => numbers(point, ["x", "y"]).join(" ")).join(", ");
}

function numbers(of: ModdleElement, names: string[]): string[] {
  return names.map((name) => String(of.get(name)));
}
