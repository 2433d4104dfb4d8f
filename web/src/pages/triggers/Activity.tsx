import { Anchor, Group, Text, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Trigger } from "../../api/triggers";
import { bars, sum, words } from "./hours";

const WIDTH = 3;
const STEP = 4;
const HEIGHT = 22;

/** What came in the last 24 hours, as a chart and in numbers. */
export function Activity({ trigger, projectId }: { trigger: Trigger; projectId: string }) {
  const total = sum(trigger.hours);
  const failed = `/projects/${projectId}/failed-triggers`;
  return (
    <Group gap="xs" wrap="nowrap">
      <Chart trigger={trigger} label={words(total)} />
      <Text size="xs" component="span" style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
        {total.accepted.toLocaleString("en")}
        {total.failed > 0 && (
          <>
            {" · "}
            <Anchor component={Link} to={`${failed}?dataSourceId=${trigger.dataSourceId}`} size="xs">
              {total.failed.toLocaleString("en")} failed
            </Anchor>
          </>
        )}
        {total.refused > 0 && ` · ${total.refused.toLocaleString("en")} refused`}
      </Text>
    </Group>
  );
}

function Chart({ trigger, label }: { trigger: Trigger; label: string }) {
  const now = Date.now();
  return (
    <Tooltip label={label}>
      <svg role="img" aria-label={label} width={24 * STEP} height={HEIGHT} style={{ flex: "none" }}>
        <line x1={0} x2={24 * STEP} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--forebay-line)" />
        {bars(trigger.hours, now).map((bar, at) => {
          const failed = high(bar.failed);
          const accepted = high(bar.accepted);
          const refused = high(bar.refused);
          const x = at * STEP;
          return (
            <g key={at}>
              <rect x={x} width={WIDTH} y={HEIGHT - failed} height={failed} fill="var(--mantine-color-red-7)" />
              <rect x={x} width={WIDTH} y={HEIGHT - failed - accepted} height={accepted} fill="var(--mantine-color-basin-6)" />
              <rect x={x} width={WIDTH} y={HEIGHT - failed - accepted - refused} height={refused} fill="var(--mantine-color-gray-5)" />
            </g>
          );
        })}
      </svg>
    </Tooltip>
  );
}

/** What is there can be seen, however little it is. */
function high(share: number): number {
  return share === 0 ? 0 : Math.max(1.5, share * (HEIGHT - 2));
}
