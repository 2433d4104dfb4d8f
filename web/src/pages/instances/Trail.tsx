import { Anchor, Code, Text } from "@mantine/core";
import { Tooltip } from "../../components/Tooltip";
import type { InstanceDetail, Visit } from "../../api/instances";
import { there } from "../../api/list";
import { ElementName } from "../../components/ElementName";
import type { Named } from "../../components/elements";
import { Part } from "../../components/Part";
import { type Column, Rows } from "../../components/Rows";
import { clock, duration, exactUtc, local } from "../../components/time";
import { TRUNCATED } from "../../texts/instances";
import { depths } from "./trail";

/** What the trail is drawn of. `names`: of elements, as drawn. */
export interface TrailProps {
  run: InstanceDetail;
  names?: Map<string, Named>;
  select?: ((elementId: string) => void) | undefined;
}

/** Every visit of an element, in order, with its times. */
export function Trail(props: TrailProps) {
  const { run } = props;
  const empty = <Text size="sm">It has not begun.</Text>;
  return (
    <Part title="Trail">
      <Rows label="Trail" list={there(run.trail)} columns={columns(props)} id={(visit) => String(visit.visit)} empty={empty} />
      {run.trailTruncated && (
        <Text size="sm" c="dimmed">
          {TRUNCATED}
        </Text>
      )}
    </Part>
  );
}

function columns({ run, names, select }: TrailProps): Column<Visit>[] {
  const depth = depths(run.trail);
  return [
    { head: "No.", width: "56px", number: true, cell: (visit) => visit.visit },
    {
      head: "Element",
      cell: (visit) => <Where element={{ name: "", ...names?.get(visit.elementId), id: visit.elementId }} depth={depth.get(visit.visit) ?? 0} select={select} />,
    },
    { head: "Entered", width: "190px", from: "sm", cell: (visit) => <Time at={visit.enteredAt} beside={run.createdAt} /> },
    { head: "Took", width: "100px", number: true, from: "sm", cell: (visit) => (visit.leftAt ? duration(visit.enteredAt, visit.leftAt) : "–") },
    { head: "Outcome", width: "150px", cell: (visit) => <Outcome visit={visit} /> },
    { head: "Wrote", from: "md", cell: (visit) => visit.wrote.map((name) => <Code key={name}>{name}</Code>) },
  ];
}

/** The element as drawn, deeper where it is in a subprocess; chosen in the diagram on a click. */
function Where({ element, depth, select }: { element: Named & { id: string }; depth: number; select: TrailProps["select"] }) {
  const shown = <ElementName {...element} />;
  const style = { marginLeft: depth * 16, overflowWrap: "anywhere" as const };
  if (!select) {
    return (
      <Text span size="sm" style={style}>
        {shown}
      </Text>
    );
  }
  return (
    <Anchor component="button" type="button" size="sm" ta="left" style={style} onClick={() => select(element.id)} title="Show it in the diagram">
      {shown}
    </Anchor>
  );
}

/** To the millisecond: visits follow each other closely. */
function Time({ at, beside }: { at: string; beside: string }) {
  return (
    <Tooltip label={`${exactUtc(at)} · ${local(at)}`} events={{ hover: true, focus: true, touch: true }}>
      <Text component="time" dateTime={at} tabIndex={0} size="sm" style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
        {clock(at, beside)}
      </Text>
    </Tooltip>
  );
}

function Outcome({ visit }: { visit: Visit }) {
  if (visit.incidents.length > 0 && !visit.leftAt) {
    return (
      <Text span size="sm" c="error">
        incident
      </Text>
    );
  }
  return (
    <Text span size="sm" {...(visit.outcome ? {} : { c: "dimmed" })}>
      {visit.outcome ?? "waiting"}
    </Text>
  );
}
