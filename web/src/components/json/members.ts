import { NotJson, type Node, parse } from "./tree";
import { write } from "./write";

/** The names and values of a JSON object, a list as several lines of one name; nothing of what is no object. */
export function members(text: string): [name: string, value: string][] {
  let root: Node;
  try {
    root = parse(text);
  } catch (error) {
    if (error instanceof NotJson) return [];
    throw error;
  }
  if (root.kind !== "object") return [];
  return root.members.flatMap(([name, value]) => (value.kind === "array" ? value.items : [value]).map((one): [string, string] => [name, shown(one)]));
}

function shown(node: Node): string {
  return node.kind === "string" ? node.value : write(node);
}
