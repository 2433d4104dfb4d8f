import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Refusal } from "../../api/refusal";
import { changes, type Commit, restore } from "../../api/versions";
import { Dialog } from "../../components/Dialog";
import { InTheWay } from "../../components/InTheWay";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { CHANGED_MEANWHILE, RESTORE } from "../../texts/versions";
import { Named } from "./Named";
import { stale, useWork } from "./useWork";
import { many, versionsPath } from "./words";

interface RestoreProps {
  place: Place;
  from: Commit;
  resources: { id: string; name: string }[];
  onClose: () => void;
  onDone: () => void;
}

/** Takes resources back from a commit into the work in progress of the branch that is looked at. */
export function Restore({ place, from, resources, onClose, onDone }: RestoreProps) {
  const seen = useQuery(changes(place));
  const ids = resources.map((one) => one.id);
  const act = useWork(place, (etag) => restore(place, etag, { commitId: from.id, resources: ids }), onDone);
  const touched = (seen.data?.value.items ?? []).filter((one) => ids.includes(one.resourceDefinitionId));
  return (
    <Dialog opened onClose={onClose} title={`Restore ${many(resources.length, "resource")} from commit ${from.number}?`}>
      <Stack gap="sm">
        <Named things={resources} />
        <Text size="sm">{RESTORE}</Text>
        {touched.length > 0 && (
          <Alert variant="default" title="These have changes on this branch that are not committed; they are lost">
            <Named things={touched.map((one) => ({ id: one.resourceDefinitionId, name: one.name }))} />
          </Alert>
        )}
        <Trouble error={stale(act.error) ? new Error(CHANGED_MEANWHILE) : act.error} />
        <InTheWay things={act.error instanceof Refusal ? act.error.problem.blocking : undefined} to={() => versionsPath(place)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={act.isPending} disabled={!seen.data} onClick={() => seen.data && act.mutate(seen.data.etag)}>
            Restore into {place.branch}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
