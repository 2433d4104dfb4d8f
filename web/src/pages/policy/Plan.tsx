import { Text, Title } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { components } from "#schema";
import { PlanList, planned } from "../../components/PlanList";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { NO_CHANGE, NOTHING_RUNS } from "../../texts/policy";

export type Preview = components["schemas"]["PolicyPreview"];

/** What the choice would do to triggers. */
export function Plan({ preview }: { preview: UseQueryResult<Preview> }) {
  if (preview.error) return <Trouble error={preview.error} again={() => void preview.refetch()} />;
  if (!preview.data) return <Loading of={preview} height={48} />;
  const { triggers, runningCommitId } = preview.data;
  return (
    <section aria-label="What will change">
      <Title order={3} mb={6}>
        What will change
      </Title>
      {runningCommitId === null && <Text size="sm">{NOTHING_RUNS}</Text>}
      {planned(triggers) === 0 ? <Text size="sm">{NO_CHANGE}</Text> : <PlanList plan={triggers} />}
    </section>
  );
}
