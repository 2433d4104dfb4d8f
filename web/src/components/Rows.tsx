import { Button, Checkbox, Table, Text, VisuallyHidden } from "@mantine/core";
import { useWindowVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ListState } from "../api/list";
import { Loading, ReadingMore } from "./Silence";
import { Trouble } from "./Trouble";
import classes from "./Rows.module.css";

/** A column of a list. */
export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  /** Right-aligned, in tabular figures. */
  number?: boolean;
  /** A CSS width; the first column takes what is left. */
  width?: string;
  /** Hidden where the window is narrower than this Mantine breakpoint. */
  from?: "sm" | "md" | "lg" | "xl";
}

/** What a list is drawn of. */
export interface RowsProps<T> {
  /** What it lists, for those who cannot see it: "Process instances". */
  label: string;
  list: ListState<T>;
  columns: Column<T>[];
  id: (row: T) => string;
  /** What stands there where there is nothing. */
  empty: ReactNode;
  /** Chosen rows, where rows can be chosen. */
  chosen?: Set<string>;
  /** What a row that can be chosen is called, for those who cannot see it. */
  name?: (row: T) => string;
  onChoose?: (chosen: Set<string>) => void;
  /** The ⋮ menu of a row, and what stands beside it. */
  menu?: (row: T) => ReactNode;
  /** A CSS width, where that is more than the menu. */
  menuWidth?: string;
}

const ROW = 37;

/** A list of any length: only what is seen is in the page; more is read as it is scrolled to. */
export function Rows<T>(props: RowsProps<T>) {
  const { list } = props;
  if (list.error && list.rows.length === 0) return <Trouble error={list.error} again={list.again} />;
  if (list.first) return <Loading of={list.asked} label={props.label} height={8 * ROW - 9} rows={8} />;
  if (list.rows.length === 0) return <>{props.empty}</>;
  return (
    <>
      <Body {...props} />
      {list.error && <Trouble error={list.error} again={list.again} />}
      <Foot list={list} />
    </>
  );
}

function Foot<T>({ list }: { list: ListState<T> }) {
  if (list.reading) return <ReadingMore of={list.asked} />;
  if (list.more) {
    return (
      <Button variant="subtle" m="xs" onClick={list.goOn}>
        More
      </Button>
    );
  }
  return (
    <Text size="xs" c="dimmed" p="xs">
      {list.rows.length === 1 ? "1 row" : `${list.rows.length.toLocaleString("en")} rows`}, that is all.
    </Text>
  );
}

function Body<T>(props: RowsProps<T>) {
  const { list, columns } = props;
  const place = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = place.current?.getBoundingClientRect();
      if (box) setAbove(Math.round(box.top + window.scrollY));
    };
    measure();
    // what stands above may grow, another list for one
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, []);
  const rows = useWindowVirtualizer({ count: list.rows.length, estimateSize: () => ROW, overscan: 20, scrollMargin: above });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  const { goOn } = list;
  const near = last >= list.rows.length - 30;
  useEffect(() => {
    if (near) goOn();
  }, [near, goOn]);
  const before = (seen[0]?.start ?? above) - above;
  const after = rows.getTotalSize() - ((seen.at(-1)?.end ?? above) - above);
  const span = columns.length + (props.chosen ? 1 : 0) + (props.menu ? 1 : 0);
  return (
    <div ref={place} className={classes["frame"]}>
      <Table aria-label={props.label} aria-rowcount={list.more ? -1 : list.rows.length + 1} highlightOnHover highlightOnHoverColor="var(--forebay-raised)" verticalSpacing={6} className={classes["table"] ?? ""}>
        <HeadRow {...props} />
        <Table.Tbody>
          <Gap height={before} span={span} />
          {seen.map((item) => (
            <BodyRow key={item.key} {...props} item={item} measure={rows.measureElement} />
          ))}
          <Gap height={after} span={span} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

function HeadRow<T>({ columns, chosen, onChoose, list, id, menu, menuWidth }: RowsProps<T>) {
  const all = list.rows.length > 0 && list.rows.every((row) => chosen?.has(id(row)));
  return (
    <Table.Thead>
      <Table.Tr>
        {chosen && (
          <Table.Th w={36}>
            <Checkbox
              size="xs"
              aria-label="Choose all that are shown"
              checked={all}
              indeterminate={!all && chosen.size > 0}
              onChange={() => onChoose?.(all ? new Set() : new Set(list.rows.map(id)))}
            />
          </Table.Th>
        )}
        {columns.map((column) => (
          <Table.Th key={column.head} w={column.width} className={column.number ? "numbers" : ""} {...(column.from ? { visibleFrom: column.from } : {})}>
            {column.head}
          </Table.Th>
        ))}
        {menu && (
          <Table.Th w={menuWidth ?? 48}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        )}
      </Table.Tr>
    </Table.Thead>
  );
}

interface BodyRowProps<T> extends RowsProps<T> {
  item: VirtualItem;
  measure: (node: Element | null) => void;
}

function BodyRow<T>({ item, measure, list, columns, id, chosen, name, onChoose, menu }: BodyRowProps<T>) {
  const row = list.rows[item.index];
  if (row === undefined) return null;
  const key = id(row);
  const toggle = () => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose?.(next);
  };
  return (
    <Table.Tr ref={measure} data-index={item.index} aria-rowindex={item.index + 2} aria-selected={chosen ? chosen.has(key) : undefined}>
      {chosen && (
        <Table.Td>
          <Checkbox size="xs" aria-label={`Choose ${name?.(row) ?? "this row"}`} checked={chosen.has(key)} onChange={toggle} />
        </Table.Td>
      )}
      {columns.map((column) => (
        <Table.Td key={column.head} className={column.number ? "numbers" : ""} {...(column.from ? { visibleFrom: column.from } : {})}>
          {column.cell(row)}
        </Table.Td>
      ))}
      {menu && <Table.Td>{menu(row)}</Table.Td>}
    </Table.Tr>
  );
}
