import { Button, Group, Loader, Paper, Skeleton, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Refusal, Unreachable, said } from "../api/refusal";
import { askAgain } from "../queries";
import { ASKED_AGAIN, NO_ANSWER, NO_MORE, NOT_YET } from "../texts/silence";

/** What is being read, as far as it matters here: how often in vain, and why. */
export interface Asked {
  failureCount: number;
  failureReason: Error | null;
}

/** So often in vain is more than a moment. */
const IN_VAIN = 2;
/** What takes longer than this may not come at all. */
const PATIENCE = 5_000;

/** Why nothing has come so far; it stays while it is asked for once more. */
function useWhy(asked: Asked[]): Error | undefined {
  const now = asked.find((one) => one.failureCount >= IN_VAIN)?.failureReason ?? undefined;
  const [last, setLast] = useState(now);
  if (now && now !== last) setLast(now);
  return now ?? last;
}

function useLong(): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return long;
}

/** The reason in words. */
function words(why: Error): string {
  return why instanceof Unreachable ? NO_ANSWER : `${said(why)} ${ASKED_AGAIN}`;
}

/** What is drawn in the place of something that is read for the first time. */
export interface LoadingProps {
  of: Asked | Asked[];
  height: number | string;
  width?: string;
  /** What is read, for those who cannot see it. */
  label?: string;
  /** Of a list. */
  rows?: number;
}

/** The place of something that is read for the first time; when it does not come, it says so. */
export function Loading({ of, height, width, label = "Loading", rows = 1 }: LoadingProps) {
  const why = useWhy([of].flat());
  const long = useLong();
  if (!why && !long) {
    return (
      <div role="status" aria-busy="true" aria-label={label} style={{ display: "grid", gap: 9, height, ...(width ? { width } : {}) }}>
        {Array.from({ length: rows }, (_, at) => (
          <Skeleton key={at} height="100%" radius={rows > 1 ? "sm" : "md"} />
        ))}
      </div>
    );
  }
  return (
    <Paper withBorder radius="md" p="md" mih={height} role="status">
      <Group gap="sm" wrap="nowrap" align="flex-start" maw={560}>
        <IconCloudOff size={20} aria-hidden style={{ flex: "none", color: "var(--mantine-color-dimmed)" }} />
        <div>
          <Text size="sm">{why ? words(why) : NOT_YET}</Text>
          {why instanceof Refusal && why.requestId && (
            <Text size="xs" c="dimmed" mt={4}>
              Request {why.requestId}
            </Text>
          )}
          <Button size="xs" variant="default" mt="xs" onClick={() => askAgain(true)}>
            Try again
          </Button>
        </div>
      </Group>
    </Paper>
  );
}

/** Below a list of which more is read. */
export function ReadingMore({ of }: { of: Asked }) {
  const why = useWhy([of]);
  if (!why) return <Loader size="sm" aria-label="Reading more" m="md" />;
  return (
    <Group gap="sm" p="xs" role="status">
      <IconCloudOff size={18} aria-hidden style={{ flex: "none", color: "var(--mantine-color-dimmed)" }} />
      <Text size="sm" c="dimmed" style={{ flex: "1 1 220px" }}>
        {NO_MORE} {words(why)}
      </Text>
      <Button size="xs" variant="default" onClick={() => askAgain(true)}>
        Try again now
      </Button>
    </Group>
  );
}
