import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import type { Line } from "./lines";
import type { Node } from "./tree";
import { shownKey, size } from "./write";
import classes from "./Json.module.css";

/** More of a text than this is not in the line; copy and raw text have it whole. */
const SHOWN = 400;

/** What a line is drawn of. */
export interface JsonLineProps {
  id: string;
  line: Line;
  top: number;
  chosen: boolean;
  found: boolean;
  choose: () => void;
  toggle: () => void;
}

/** One value. Everything in it is text, and stays in its own direction. */
export const JsonLine = memo(function JsonLine({ id, line, top, chosen, found, choose, toggle }: JsonLineProps) {
  return (
    // the tree itself takes the keys
    <div
      id={id}
      className={classes["line"]}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-posinset={line.place}
      aria-setsize={line.of}
      aria-selected={chosen}
      aria-expanded={line.open}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 6 + line.depth * 16 }}
      onClick={choose}
      onDoubleClick={() => line.open !== undefined && toggle()}
      onKeyDown={() => undefined}
    >
      <Twig open={line.open} toggle={toggle} />
      <Key name={line.key} found={found} />
      <Value node={line.node} found={found} />
    </div>
  );
});

function Twig({ open, toggle }: { open: boolean | undefined; toggle: () => void }) {
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <span className={classes["twig"]} aria-hidden onClick={toggle}>
      {open !== undefined && <Icon size={14} />}
    </span>
  );
}

function Key({ name, found }: { name: string | number | undefined; found: boolean }) {
  if (name === undefined) return null;
  const look = typeof name === "number" ? classes["index"] : classes["key"];
  return (
    <>
      <bdi className={`${look} ${found ? classes["found"] : ""}`}>{cut(shownKey(name))}</bdi>
      <span>:</span>
    </>
  );
}

function Value({ node, found }: { node: Node; found: boolean }) {
  const held = size(node);
  if (held !== undefined) {
    const [open, close] = node.kind === "object" ? "{}" : "[]";
    return <span className={classes["count"]}>{held === 0 ? `${open}${close}` : `${open} ${held.toLocaleString("en")} ${close}`}</span>;
  }
  const text = "text" in node ? node.text : "";
  return (
    <>
      <bdi className={`${classes[node.kind]} ${found ? classes["found"] : ""}`}>{cut(text)}</bdi>
      {text.length > SHOWN && <span className={classes["count"]}>{text.length.toLocaleString("en")} characters</span>}
    </>
  );
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
