import type { Node } from "./tree";

/** JSON text of a value, indented; numbers and strings as they were written. */
export function write(node: Node, indent = ""): string {
  if (node.kind !== "object" && node.kind !== "array") return node.text;
  const inner = `${indent}  `;
  const parts =
    node.kind === "object"
      ? node.members.map(([key, value]) => `${inner}${JSON.stringify(key)}: ${write(value, inner)}`)
      : node.items.map((item) => `${inner}${write(item, inner)}`);
  const [open, close] = node.kind === "object" ? "{}" : "[]";
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** How many values it holds; nothing for one that holds none. */
export function size(node: Node): number | undefined {
  if (node.kind === "object") return node.members.length;
  return node.kind === "array" ? node.items.length : undefined;
}

/** A key as it is shown: characters that cannot be seen as their escapes, and quotes where there is nothing. */
export function shownKey(key: string | number): string {
  if (typeof key === "number") return String(key);
  return key === "" ? '""' : JSON.stringify(key).slice(1, -1).replaceAll('\\"', '"').replaceAll("\\\\", "\\");
}
