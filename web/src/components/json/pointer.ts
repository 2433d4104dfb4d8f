import type { Node } from "./tree";

/** Where a value stands: the value that holds it, and its key or number there. */
export interface Place {
  parent: Node;
  key: string | number;
}

/** What is told of each value while walking: the value, where it stands (nothing for the whole), how deep. */
export type Tell = (node: Node, place: Place | undefined) => void;

/** Every value, each before what it holds. Not by recursion's own stack alone: depth is bounded by `parse`. */
export function walk(node: Node, tell: Tell, place?: Place): void {
  tell(node, place);
  if (node.kind === "object") for (const [key, value] of node.members) walk(value, tell, { parent: node, key });
  if (node.kind === "array") node.items.forEach((item, key) => walk(item, tell, { parent: node, key }));
}

/** Where each value of a tree stands. Values are told apart by identity, so keys that stand twice are two places. */
export class Places {
  private readonly known = new Map<Node, Place>();

  constructor(readonly root: Node) {
    walk(root, (node, place) => {
      if (place) this.known.set(node, place);
    });
  }

  /** From the whole down to the value's holder. */
  above(node: Node): Node[] {
    const above: Node[] = [];
    for (let place = this.known.get(node); place; place = this.known.get(place.parent)) above.unshift(place.parent);
    return above;
  }

  /** The JSON pointer (RFC 6901): `/payload/lines/0/a~1b`; empty for the whole. */
  pointer(node: Node): string {
    let pointer = "";
    for (let place = this.known.get(node); place; place = this.known.get(place.parent)) pointer = `/${escape(place.key)}${pointer}`;
    return pointer;
  }
}

function escape(key: string | number): string {
  return String(key).replaceAll("~", "~0").replaceAll("/", "~1");
}
