import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../../api/commands";
import { INSTANCE_NOUN, type InstanceDetail, changeVariables } from "../../api/instances";
import { Refusal } from "../../api/refusal";
import { Allowed } from "../../components/Allowed";
import { Dialog } from "../../components/Dialog";
import { NotJson, parse } from "../../components/json/tree";
import { Outcome } from "../../components/Outcome";
import { Trouble } from "../../components/Trouble";
import { NO_OBJECT, NOT_CHANGED } from "../../texts/instances";

/** What stands there before anything was typed. */
const EMPTY = "{\n  \n}";

/** Merges values into the variables of an instance, as the text that was typed. */
export function ChangeVariables({ run, projectId }: { run: InstanceDetail; projectId: string }) {
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState(EMPTY);
  const change = useAct(projectId, [INSTANCE_NOUN], (patch: string) => changeVariables(projectId, run.id, patch));
  const wrong = problem(text);
  const field = change.error instanceof Refusal ? change.error.field("patch") : undefined;
  const queued = change.busy || change.result !== undefined;
  return (
    <>
      <Group gap="sm">
        <Allowed right="runtime:operate">
          <Button size="xs" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => setOpened(true)}>
            Change variables
          </Button>
        </Allowed>
        <Outcome act={change} doing="Changing" done="The variables are changed." />
      </Group>
      <Dialog opened={opened && !queued} onClose={() => setOpened(false)} size="lg" title="Change variables">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!wrong) change.start(text);
          }}
        >
          <Stack>
            <Text size="sm">{NOT_CHANGED}</Text>
            <Textarea
              label="Values to merge (JSON)"
              autosize
              minRows={8}
              maxRows={24}
              spellCheck={false}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              error={field ?? (text === EMPTY ? undefined : wrong)}
              data-autofocus
            />
            {!field && <Trouble error={change.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setOpened(false)}>
                Keep as they are
              </Button>
              <Button type="submit" disabled={wrong !== undefined}>
                Change
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}

/** Why a text is no object of names and values: with the line and column where reading ended. */
export function problem(text: string): string | undefined {
  try {
    const root = parse(text);
    return root.kind === "object" && root.members.length > 0 ? undefined : NO_OBJECT;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return `This is no JSON at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`;
  }
}
