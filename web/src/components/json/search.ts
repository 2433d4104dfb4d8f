import { walk } from "./pointer";
import type { Node } from "./tree";

/** The values whose key or text holds the words, from top to bottom, without regard to case. */
export function search(root: Node, words: string): Node[] {
  const wanted = words.toLowerCase();
  if (wanted === "") return [];
  const found: Node[] = [];
  walk(root, (node, place) => {
    const inKey = typeof place?.key === "string" && place.key.toLowerCase().includes(wanted);
    if (inKey || text(node).toLowerCase().includes(wanted)) found.push(node);
  });
  return found;
}

/** What is looked through: a string as it reads, the rest as it is written; nothing of what holds others. */
function text(node: Node): string {
  if (node.kind === "string") return node.value;
  return node.kind === "number" || node.kind === "word" ? node.text : "";
}
