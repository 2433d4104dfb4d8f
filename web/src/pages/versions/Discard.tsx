import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Refusal } from "../../api/refusal";
import { changes, discard } from "../../api/versions";
import { Confirm } from "../../components/Confirm";
import { InTheWay } from "../../components/InTheWay";
import type { Place } from "../../shell/place";
import { CHANGED_MEANWHILE, DISCARD } from "../../texts/versions";
import { Named } from "./Named";
import { stale, useWork } from "./useWork";
import { many, resourcePath } from "./words";

interface DiscardProps {
  place: Place;
  resources: { id: string; name: string }[];
  onClose: () => void;
  onDone: () => void;
}

/** Asks, then puts resources back to the last commit. */
export function Discard({ place, resources, onClose, onDone }: DiscardProps) {
  const seen = useQuery(changes(place));
  const act = useWork(place, (etag) => discard(place, etag, resources.map((one) => one.id)), onDone);
  const blocking = act.error instanceof Refusal ? act.error.problem.blocking : undefined;
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Discard the changes of ${many(resources.length, "resource")}?`}
      act="Discard"
      busy={act.isPending}
      error={stale(act.error) ? new Error(CHANGED_MEANWHILE) : act.error}
      onConfirm={() => seen.data && act.mutate(seen.data.etag)}
    >
      <Named things={resources} />
      <Text size="sm" mt="xs">
        {DISCARD}
      </Text>
      <InTheWay things={blocking} to={(id) => resourcePath(place, "process-definition", id)} />
    </Confirm>
  );
}
