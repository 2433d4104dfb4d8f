import { size } from "./write";
import type { Node } from "./tree";

/** A line of the tree as it is shown. */
export interface Line {
  node: Node;
  /** Its key or number; nothing for the whole. */
  key: string | number | undefined;
  /** 0 for the whole. */
  depth: number;
  /** Whether what it holds is shown below it; nothing where it holds nothing. */
  open: boolean | undefined;
  /** Its place among its siblings, from 1, and how many they are. */
  place: number;
  of: number;
}

/** The lines of a tree with these values open. Only what is open is looked at. */
export function lines(root: Node, open: ReadonlySet<Node>): Line[] {
  const all: Line[] = [];
  const add = (node: Node, key: string | number | undefined, depth: number, [place, of]: [number, number]) => {
    const holds = (size(node) ?? 0) > 0;
    const line: Line = { node, key, depth, open: holds ? open.has(node) : undefined, place, of };
    all.push(line);
    if (!line.open) return;
    if (node.kind === "object") node.members.forEach(([name, value], at) => add(value, name, depth + 1, [at + 1, node.members.length]));
    if (node.kind === "array") node.items.forEach((item, at) => add(item, at, depth + 1, [at + 1, node.items.length]));
  };
  add(root, undefined, 0, [1, 1]);
  return all;
}

/** What is open at first: level by level, until there are about as many lines as fit on a page. */
export function openAtFirst(root: Node, budget = 60): Set<Node> {
  const open = new Set<Node>();
  let shown = 1;
  let level = [root];
  while (level.length > 0) {
    const below: Node[] = [];
    for (const node of level) {
      const held = size(node) ?? 0;
      // the whole is open however much it holds
      if (held === 0 || (node !== root && shown + held > budget)) continue;
      shown += held;
      open.add(node);
      if (held > budget) continue;
      below.push(...(node.kind === "object" ? node.members.map(([, value]) => value) : node.kind === "array" ? node.items : []));
    }
    level = below;
  }
  return open;
}

/** Everything that holds something. */
export function openAll(root: Node): Set<Node> {
  const open = new Set<Node>();
  const look = (node: Node) => {
    if (node.kind === "object") node.members.forEach(([, value]) => look(value));
    else if (node.kind === "array") node.items.forEach(look);
    else return;
    open.add(node);
  };
  look(root);
  return open;
}
