import { Button, Group, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { late } from "../../components/Late";
import { Select } from "../../components/Select";
import { type ActivePolicy, choosePolicy, type PolicyChosen, policyPreview } from "../../api/policy";
import { branches } from "../../api/projects";
import { Refusal } from "../../api/refusal";
import { runningChanged } from "../../api/versions";
import { Allowed } from "../../components/Allowed";
import { Trouble } from "../../components/Trouble";
import type { Place } from "../../shell/place";
import { LATEST, PINNED, STALE } from "../../texts/policy";
import { type Choice, changes, wish } from "./choice";
import { CommitSelect } from "./CommitSelect";
import { Plan } from "./Plan";

const Apply = late(async () => (await import("./Apply")).Apply);

interface ChoiceFormProps {
  place: Place;
  /** The policy's ETag. */
  etag: string;
  begin: Choice;
  now: ActivePolicy;
  onChosen: (chosen: PolicyChosen) => void;
}

/** Chooses which commit runs: what it would do to triggers is shown before it is applied. */
export function ChoiceForm({ place, etag, begin, now, onChosen }: ChoiceFormProps) {
  const [choice, setChoice] = useState(begin);
  const [asking, { open, close }] = useDisclosure();
  const wanted = changes(now, choice) ? wish(choice, []) : undefined;
  const preview = useQuery(policyPreview(place.projectId, wanted));
  const apply = useMutation({
    mutationFn: async (unlink: string[]) => {
      const asked = wish(choice, unlink);
      return asked && choosePolicy(place.projectId, etag, asked);
    },
    onSuccess: (chosen) => chosen && onChosen(chosen),
    onSettled: () => {
      close();
      runningChanged(place.projectId);
    },
  });
  const edit = (part: Partial<Choice>) => {
    apply.reset();
    setChoice({ ...choice, ...part });
  };
  const stale = apply.error instanceof Refusal && apply.error.status === 412;
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="choose">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <Stack gap="sm">
          <Title order={2} id="choose">
            Choose what runs
          </Title>
          <Fields place={place} choice={choice} edit={edit} />
          {wanted && <Plan preview={preview} />}
          <Trouble error={stale ? new Error(STALE) : apply.error} />
          <Group justify="flex-end">
            <Allowed right="policy:write">
              <Button type="submit" disabled={!wanted || !preview.data}>
                Apply…
              </Button>
            </Allowed>
          </Group>
        </Stack>
      </form>
      {asking && preview.data && <Apply place={place} preview={preview.data} busy={apply.isPending} onClose={close} onApply={(unlink) => apply.mutate(unlink)} />}
    </Paper>
  );
}

function Fields({ place, choice, edit }: { place: Place; choice: Choice; edit: (part: Partial<Choice>) => void }) {
  const known = useQuery(branches(place.projectId));
  return (
    <>
      <Radio.Group aria-label="What runs" value={choice.kind} onChange={(kind) => edit({ kind: kind === "pinned" ? "pinned" : "latest" })}>
        <Stack gap="xs">
          <Radio value="latest" label="Latest commit on a branch" description={LATEST} />
          <Radio value="pinned" label="One commit" description={PINNED} />
        </Stack>
      </Radio.Group>
      {choice.kind === "latest" ? (
        <Select
          label="Branch"
          data={(known.data?.items ?? []).map((one) => one.name)}
          value={choice.branch}
          onChange={(branch) => branch && edit({ branch })}
          comboboxProps={{ withinPortal: false }}
          searchable
          allowDeselect={false}
          maw={420}
          nothingFoundMessage="No branch of this name"
        />
      ) : (
        <CommitSelect projectId={place.projectId} value={choice.commitId} onChange={(commitId) => edit({ commitId })} />
      )}
      {known.error && <Text size="sm">{known.error.message}</Text>}
    </>
  );
}
