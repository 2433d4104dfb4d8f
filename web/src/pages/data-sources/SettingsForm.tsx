import { Button, Group, Paper, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import { useMay } from "../../api/me";
import type { DataSource } from "../../api/dataSources";
import { Allowed } from "../../components/Allowed";
import { counted } from "../../components/count";
import { Locked } from "../../components/Guard";
import { Id } from "../../components/Id";
import { Trouble } from "../../components/Trouble";
import { Unsaved } from "../../components/Unsaved";
import { When } from "../../components/When";
import type { Place } from "../../shell/place";
import { DESCRIPTION_RULE, NAME_RULE } from "../../texts/dataSources";
import { Clashing } from "./Clashing";
import { HeaderList } from "./HeaderList";
import { IdempotencyKey } from "./IdempotencyKey";
import { DESCRIPTION_MOST, lengthHint, NAME_MOST, nameHint } from "./limits";
import { type Draft, differs, draftOf } from "./settings";
import { useSaving } from "./useSaving";

/** What may be set on a data source. `read` is the newest that is known; what is typed begins at it. */
export function SettingsForm({ place, read }: { place: Place; read: Tagged<DataSource> }) {
  const [base, setBase] = useState(read);
  const [draft, setDraft] = useState<Draft>(() => draftOf(read.value));
  const may = useMay("resource:write");
  const changed = differs(base.value, draft);
  const begin = (from: Tagged<DataSource>) => {
    setBase(from);
    setDraft(draftOf(from.value));
  };
  // what others save shows here as long as nothing was typed; else it comes up when this is saved
  const [seen, setSeen] = useState(read.etag);
  if (read.etag !== seen) {
    setSeen(read.etag);
    if (!changed && read.etag !== base.etag) begin(read);
  }
  const saving = useSaving(place, base, draft, begin);
  const edit = (part: Partial<Draft>) => {
    saving.forget();
    setDraft({ ...draft, ...part });
  };
  return (
    <Paper withBorder p="md" radius="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) saving.save(base.etag);
        }}
      >
        <Stack>
          <Group justify="space-between">
            <Title order={2}>Settings</Title>
            <Text size="sm" c="dimmed">
              Changed <When at={base.value.updatedAt} />
            </Text>
          </Group>
          {!may && <Locked right="resource:write" />}
          <fieldset disabled={!may} className="plain">
            <Stack>
              <Fields draft={draft} edit={edit} field={saving.field} />
            </Stack>
          </fieldset>
          <Text size="sm" c="dimmed" component="div">
            Id <Id value={base.value.resourceDefinitionId} /> the same in all branches and commits; the last part of the URL.
          </Text>
          {saving.theirs && <Clashing read={base.value} theirs={saving.theirs} draft={draft} keepMine={saving.save} takeTheirs={begin} busy={saving.busy} />}
          <Trouble error={saving.trouble} />
          <Group justify="flex-end" gap="sm">
            {saving.saved && !changed && (
              <Text size="sm" c="dimmed" role="status">
                Saved in the work in progress.
              </Text>
            )}
            <Button variant="default" disabled={!changed} onClick={() => begin(read)}>
              Undo changes
            </Button>
            <Allowed right="resource:write">
              <Button type="submit" disabled={!changed || saving.theirs !== undefined} loading={saving.busy}>
                Save
              </Button>
            </Allowed>
          </Group>
        </Stack>
      </form>
      <Unsaved changed={changed} what={base.value.name} />
    </Paper>
  );
}

interface FieldsProps {
  draft: Draft;
  edit: (part: Partial<Draft>) => void;
  field: (name: string) => string | undefined;
}

function Fields({ draft, edit, field }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        description={`${NAME_RULE} ${counted(draft.name, NAME_MOST)}`}
        required
        value={draft.name}
        onChange={(event) => edit({ name: event.currentTarget.value })}
        error={field("name") ?? nameHint(draft.name)}
        autoComplete="off"
        spellCheck={false}
      />
      <Textarea
        label="Description"
        description={`${DESCRIPTION_RULE} ${counted(draft.description, DESCRIPTION_MOST)}`}
        value={draft.description}
        onChange={(event) => edit({ description: event.currentTarget.value })}
        error={field("description") ?? lengthHint(draft.description, DESCRIPTION_MOST)}
        autosize
        minRows={2}
        maxRows={12}
      />
      <HeaderList names={draft.redactedHeaders} onChange={(redactedHeaders) => edit({ redactedHeaders })} field={field} />
      <IdempotencyKey value={draft.key} onChange={(key) => edit({ key })} error={field("idempotencyKey")} />
    </>
  );
}
