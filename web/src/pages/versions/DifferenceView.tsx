import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Difference } from "../../api/versions";
import { Diagram } from "../../components/diagram/Diagram";
import { NO_DIFFERENCE, ONLY_DRAWN } from "../../texts/versions";
import { countsOf, fieldWord, marksOf, type Side } from "./difference";
import { Elements } from "./Elements";
import { FieldTable } from "./FieldTable";

interface DifferenceViewProps {
  difference: Difference;
  /** The file of a process on each side, where there is one. */
  files: Record<Side, string | undefined>;
  /** What the sides are called. */
  names?: Record<Side, string>;
}

const NAMES: Record<Side, string> = { before: "Before", now: "Now" };

/** What differs between two versions of a resource: by field, and of a process by element, painted on its diagram. */
export function DifferenceView({ difference, files, names = NAMES }: DifferenceViewProps) {
  const { fields, elements } = difference;
  return (
    <Stack>
      {fields.length > 0 && (
        <FieldTable label="Settings that differ" rows={fields.map(({ field, old, new: now }) => ({ key: field, name: fieldWord(field), old, now }))} />
      )}
      {elements.length > 0 && <Painted difference={difference} files={files} names={names} />}
      {fields.length === 0 && elements.length === 0 && <Text size="sm">{difference.change === "same" ? NO_DIFFERENCE : ONLY_DRAWN}</Text>}
    </Stack>
  );
}

function Painted({ difference, files, names }: Required<DifferenceViewProps>) {
  const { elements } = difference;
  const [wanted, setSide] = useState<Side>("now");
  const [selected, setSelected] = useState<string>();
  const side = files[wanted] === undefined ? other(wanted) : wanted;
  const file = files[side];
  const marks = useMemo(() => marksOf(elements, side), [elements, side]);
  return (
    <>
      <Group justify="space-between">
        <Text size="sm" role="status">
          {countsOf(elements)
            .map(([change, count]) => `${count} ${change}`)
            .join(", ")}
        </Text>
        {files.now !== undefined && files.before !== undefined && (
          <SegmentedControl
            size="xs"
            aria-label="Which version is shown"
            value={side}
            onChange={(to) => setSide(to === "before" ? "before" : "now")}
            data={[
              { value: "before", label: names.before },
              { value: "now", label: names.now },
            ]}
          />
        )}
      </Group>
      {file !== undefined && (
        <Diagram xml={file} label={`${difference.name}: ${names[side]}`} marks={marks} selected={selected} onSelect={setSelected} height={380} />
      )}
      <Elements elements={elements} selected={selected} onSelect={setSelected} />
    </>
  );
}

function other(side: Side): Side {
  return side === "now" ? "before" : "now";
}
