import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { IconCircleCheck, IconGitMerge } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type Brought, bring } from "../../api/branches";
import type { Tagged } from "../../api/client";
import { Refusal } from "../../api/refusal";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { InTheWay } from "../../components/InTheWay";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { BRING_CHANGED, BRING_NOTHING } from "../../texts/branches";
import { stale, useWork } from "../versions/useWork";
import { many, versionsPath } from "../versions/words";
import { BroughtTable } from "./BroughtTable";
import { type Choices, choicesOf, choosable, conflict, openConflicts, proposed } from "./status";

interface BringProps {
  place: Place;
  preview: Tagged<{ commitId: string; resources: Brought[] }>;
}

const order = (a: Brought, b: Brought) => Number(conflict(b)) - Number(conflict(a)) || a.name.localeCompare(b.name, "en", { numeric: true });

/** The choice for each resource, and the act. */
export function Bring({ place, preview }: BringProps) {
  const { commitId, resources } = preview.value;
  const navigate = useNavigate();
  const [choices, setChoices] = useState<Choices>(() => proposed(resources));
  const [all, setAll] = useState(false);
  const act = useWork(
    place,
    (etag) => bring(place, etag, { commitId, choices: choicesOf(choices) }),
    () => void navigate({ to: versionsPath(place) }),
  );
  const rows = useMemo(() => resources.filter((one) => all || choosable(one)).toSorted(order), [resources, all]);
  const same = resources.length - resources.filter(choosable).length;
  const open = openConflicts(resources, choices);
  const taken = [...choices.values()].filter((take) => take === "theirs").length;
  return (
    <Stack>
      {same > 0 && <Switch label={`Show also ${many(same, "resource")} with nothing to choose`} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />}
      {rows.length === 0 ? (
        <Empty icon={IconCircleCheck} title="Nothing to bring">
          {BRING_NOTHING}
        </Empty>
      ) : (
        <BroughtTable place={place} commitId={commitId} rows={rows} choices={choices} choose={(id, take) => setChoices(new Map(choices).set(id, take))} />
      )}
      <Trouble error={stale(act.error) ? new Error(BRING_CHANGED) : act.error} />
      <InTheWay things={act.error instanceof Refusal ? act.error.problem.blocking : undefined} to={() => versionsPath(place)} />
      <Group justify="flex-end">
        {open > 0 && <Text size="sm">{many(open, "conflict")} without a choice.</Text>}
        <Allowed right="resource:write">
          <Button leftSection={<IconGitMerge size={16} aria-hidden />} loading={act.isPending} disabled={taken === 0 || open > 0} onClick={() => act.mutate(preview.etag)}>
            Bring {many(taken, "resource")}
          </Button>
        </Allowed>
      </Group>
    </Stack>
  );
}
