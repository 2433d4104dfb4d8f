import { Chip, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { instanceCounts } from "../../api/instances";
import { STATUSES, type Values, query } from "./filters";

const ALL = "all";

/** How many there are in each state; a click filters by it. */
export function Counts({ projectId, values, set }: { projectId: string; values: Values; set: (status: string) => void }) {
  // each state is counted
  const wanted = { ...values, status: "" };
  const found = useQuery(instanceCounts(projectId, () => query(wanted), wanted)).data;
  const shown = [{ value: ALL, label: "All", count: found?.total }, ...STATUSES.map((one) => ({ ...one, count: found && countOf(found, one.value) }))];
  return (
    <Chip.Group value={values.status || ALL} onChange={(status) => set(status === ALL ? "" : String(status))}>
      <Group gap={6} mb="sm" role="radiogroup" aria-label="State">
        {shown.map(({ value, label, count }) => (
          <Chip key={value} value={value} size="xs" variant="outline" icon={null}>
            {label} {count?.toLocaleString("en")}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

function countOf(counts: Record<string, number>, status: string): number {
  return counts[status] ?? 0;
}
