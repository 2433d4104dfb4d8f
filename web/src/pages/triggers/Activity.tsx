import { Anchor, Text } from "@mantine/core";
import { Tooltip } from "../../components/Tooltip";
import type { Trigger } from "../../api/triggers";
import { Way } from "../../components/Way";
import { FAILED_COUNT } from "../../texts/triggers";
import { bars, sum, words } from "./hours";

const WIDTH = 3;
const STEP = 4;
const HEIGHT = 22;

/** One of the sums of the last 24 hours; those that failed lead to where they are mended. */
export function Count({ trigger, of, projectId }: { trigger: Trigger; of: "accepted" | "failed" | "refused"; projectId: string }) {
  const count = sum(trigger.hours)[of];
  const shown = count.toLocaleString("en");
  if (of !== "failed" || count === 0) return <Text span size="sm" {...(count === 0 ? { c: "dimmed" } : {})}>{shown}</Text>;
  return (
    <Tooltip label={FAILED_COUNT} multiline maw={280}>
      <Anchor component={Way} href={`/projects/${projectId}/failed-triggers?dataSourceId=${trigger.dataSourceId}`} size="sm" fw={600} c="var(--mantine-color-error)" aria-label={`${shown} failed: to Failed Triggers`}>
        {shown}
      </Anchor>
    </Tooltip>
  );
}

/** What came in the last 24 hours, hour by hour. */
export function Activity({ trigger }: { trigger: Trigger }) {
  return <Chart trigger={trigger} label={words(sum(trigger.hours))} />;
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
