import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { commit } from "../../api/versions";
import { Dialog } from "../../components/Dialog";
import { PlanList, planned } from "../../components/PlanList";
import type { Place } from "../../shell/place";
import { NO_CHANGE, NOTHING_RUNS, UNLINKED } from "../../texts/policy";
import type { Preview } from "./Plan";

interface ApplyProps {
  place: Place;
  preview: Preview;
  busy: boolean;
  onClose: () => void;
  /** Given the ids of the active triggers that may go off the list. */
  onApply: (unlink: string[]) => void;
}

/** Asks, naming what will happen. */
export function Apply({ place, preview, busy, onClose, onApply }: ApplyProps) {
  const { triggers, runningCommitId } = preview;
  const next = useQuery({ ...commit(place.projectId, runningCommitId ?? ""), enabled: runningCommitId !== null });
  const losing = triggers.wouldUnlinkActive;
  return (
    <Dialog opened onClose={onClose} title="Apply this policy?">
      <Stack gap="sm">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {runningCommitId === null ? NOTHING_RUNS : next.data ? `Commit ${next.data.number} of ${next.data.branch} will run: ${next.data.message}` : "…"}
        </Text>
        {planned(triggers) === 0 ? <Text size="sm">{NO_CHANGE}</Text> : <PlanList plan={triggers} />}
        {losing.length > 0 && <Text size="sm">{UNLINKED}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color={losing.length > 0 ? "red.9" : ""} loading={busy} onClick={() => onApply(losing.map((one) => one.id))} data-autofocus>
            {losing.length > 0 ? "Apply and take them off" : "Apply"}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
