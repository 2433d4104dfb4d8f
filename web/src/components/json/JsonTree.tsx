import { ActionIcon, Button, Group, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSearch } from "@tabler/icons-react";
import { type Virtualizer, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { Tooltip } from "../Tooltip";
import { Copy } from "../Copy";
import { JsonLine } from "./JsonLine";
import { type Line, lines, openAll, openAtFirst } from "./lines";
import { Places } from "./pointer";
import { search } from "./search";
import type { Node } from "./tree";
import { write } from "./write";
import classes from "./Json.module.css";

const LINE = 22;

/** A tree to look through: open and close, search, copy a value or where it stands. Only the lines seen are in the page. */
export function JsonTree({ root, label, height }: { root: Node; label: string; height: number }) {
  const tree = useTree(root);
  return (
    <>
      <Finder tree={tree} label={label} />
      <Lines tree={tree} label={label} height={height} />
      <Chosen tree={tree} />
    </>
  );
}

type Tree = ReturnType<typeof useTree>;

function useTree(root: Node) {
  const [open, setOpen] = useState<ReadonlySet<Node>>(() => openAtFirst(root));
  const [chosen, setChosen] = useState<Node>(root);
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words);
  const places = useMemo(() => new Places(root), [root]);
  const shown = useMemo(() => lines(root, open), [root, open]);
  const found = useMemo(() => search(root, wanted), [root, wanted]);
  const scroll = useRef<(line: number) => void>(() => undefined);
  const show = (node: Node) => {
    const opened = new Set([...open, ...places.above(node)]);
    setOpen(opened);
    setChosen(node);
    const at = lines(root, opened).findIndex((line) => line.node === node);
    // the lines that were opened are measured after this change is drawn
    requestAnimationFrame(() => scroll.current(at));
  };
  const toggle = (node: Node, to = !open.has(node)) => {
    const next = new Set(open);
    if (to) next.add(node);
    else next.delete(node);
    setOpen(next);
  };
  return { root, open, setOpen, chosen, setChosen, words, setWords, wanted, places, shown, found, scroll, show, toggle };
}

/** Search, and everything open or closed. */
function Finder({ tree, label }: { tree: Tree; label: string }) {
  const { found, chosen, show, wanted } = tree;
  const at = found.indexOf(chosen);
  const step = (by: number) => {
    // Enter may come before the search of what was typed last
    const hits = tree.words === wanted ? found : search(tree.root, tree.words);
    const from = hits.indexOf(chosen);
    const next = hits[(from === -1 ? (by > 0 ? 0 : hits.length - 1) : from + by + hits.length) % Math.max(1, hits.length)];
    if (next) show(next);
  };
  return (
    <Group className={classes["bar"] ?? ""} gap="xs">
      <TextInput
        size="xs"
        aria-label={`Search ${label.toLowerCase()}`}
        placeholder="Search keys and values"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={tree.words}
        onChange={(event) => tree.setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          step(event.shiftKey ? -1 : 1);
        }}
        style={{ flex: "1 1 160px" }}
      />
      {wanted !== "" && (
        <Group gap={2}>
          <Text size="xs" c="dimmed" role="status">
            {found.length === 0 ? "not found" : `${at + 1 || "–"} of ${found.length.toLocaleString("en")}`}
          </Text>
          <Tooltip label="Previous (Shift+Enter)">
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Previous" disabled={found.length === 0} onClick={() => step(-1)}>
              <IconArrowUp size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Next (Enter)">
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Next" disabled={found.length === 0} onClick={() => step(1)}>
              <IconArrowDown size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      <Button size="compact-xs" variant="subtle" onClick={() => tree.setOpen(openAll(tree.root))}>
        Open all
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => tree.setOpen(new Set())}>
        Close all
      </Button>
    </Group>
  );
}

function Lines({ tree, label, height }: { tree: Tree; label: string; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const { shown, chosen } = tree;
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => box.current, estimateSize: () => LINE, overscan: 12 });
  tree.scroll.current = (line) => line >= 0 && rows.scrollToIndex(line, { align: "auto" });
  const seen = rows.getVirtualItems();
  const at = shown.findIndex((line) => line.node === chosen);
  const inPage = seen.some((item) => item.index === at);
  const found = useMemo(() => new Set(tree.found), [tree.found]);
  return (
    <div
      ref={box}
      className={classes["scroll"]}
      style={{ maxHeight: height, height: shown.length * LINE + 8 }}
      role="tree"
      tabIndex={0}
      aria-label={label}
      {...(inPage ? { "aria-activedescendant": `${prefix}-${at}` } : {})}
      onKeyDown={(event) => press(event, tree, at, rows)}
    >
      <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative", minWidth: "max-content" }}>
        {seen.map((item) => {
          const line = shown[item.index];
          if (!line) return null;
          return (
            <JsonLine
              key={item.key}
              id={`${prefix}-${item.index}`}
              line={line}
              top={item.start}
              chosen={line.node === chosen}
              found={found.has(line.node)}
              choose={() => tree.setChosen(line.node)}
              toggle={() => tree.toggle(line.node)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The keys of a tree (WAI-ARIA): arrows, Home, End, Enter; `*` opens all. */
function press(event: KeyboardEvent, tree: Tree, at: number, rows: Virtualizer<HTMLDivElement, Element>): void {
  const line = tree.shown[at];
  const go = (to: number) => {
    const next = tree.shown[Math.max(0, Math.min(tree.shown.length - 1, to))];
    if (next) tree.setChosen(next.node);
    rows.scrollToIndex(Math.max(0, Math.min(tree.shown.length - 1, to)), { align: "auto" });
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    PageDown: () => go(at + 15),
    PageUp: () => go(at - 15),
    Home: () => go(0),
    End: () => go(tree.shown.length - 1),
    ArrowRight: () => (line?.open === false ? tree.toggle(line.node, true) : go(at + 1)),
    ArrowLeft: () => (line?.open ? tree.toggle(line.node, false) : line && go(holder(tree.shown, at, line))),
    Enter: () => line && line.open !== undefined && tree.toggle(line.node),
    " ": () => line && line.open !== undefined && tree.toggle(line.node),
    "*": () => tree.setOpen(openAll(tree.root)),
  };
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

function holder(shown: Line[], at: number, line: Line): number {
  for (let above = at - 1; above >= 0; above -= 1) if ((shown[above]?.depth ?? 0) < line.depth) return above;
  return 0;
}

/** What is chosen: where it stands, and copies of both. */
function Chosen({ tree }: { tree: Tree }) {
  const { chosen, places, root } = tree;
  const pointer = places.pointer(chosen);
  return (
    <Group className={classes["foot"] ?? ""} gap="xs" justify="space-between" wrap="nowrap">
      <Text size="xs" ff="monospace" truncate title={pointer} component="bdi">
        {chosen === root ? "(the whole)" : pointer}
      </Text>
      <Group gap={6} wrap="nowrap">
        <CopyPart text={() => pointer} what="path" />
        <CopyPart text={() => write(chosen)} what="value" />
      </Group>
    </Group>
  );
}

/** The text is made when it is asked for: of a large value it is long. */
function CopyPart({ text, what }: { text: () => string; what: string }) {
  return (
    <Group gap={2} wrap="nowrap">
      <Text size="xs" c="dimmed" visibleFrom="xs">
        {what}
      </Text>
      <Copy text={text} label={`Copy ${what}`} />
    </Group>
  );
}
