import { Alert, Anchor, Box, Button, Collapse, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { type TestEvent, type Trigger, sendTestEvent, triggersKey } from "../../api/triggers";
import { Allowed } from "../../components/Allowed";
import { Json } from "../../components/json/Json";
import { Trouble } from "../../components/Trouble";
import { TEST } from "../../texts/triggers";
import { SAMPLE } from "./CurlLine";

/** Sends an event by hand, and shows the answer as a sender gets it. */
export function SendTest({ trigger, projectId }: { trigger: Trigger; projectId: string }) {
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState(SAMPLE);
  const send = useMutation({
    mutationFn: () => sendTestEvent(projectId, trigger.id, text),
    onSettled: () => client.invalidateQueries({ queryKey: triggersKey(projectId) }),
  });
  return (
    <Box>
      <Button variant="default" size="xs" aria-expanded={opened} onClick={() => setOpened(!opened)}>
        Send a test event …
      </Button>
      <Collapse expanded={opened}>
        <Stack gap="xs" mt="xs">
          <Textarea
            label="Body"
            description={TEST}
            autosize
            minRows={3}
            maxRows={12}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group>
            <Allowed right="trigger:operate">
              <Button size="xs" leftSection={<IconSend size={14} aria-hidden />} loading={send.isPending} onClick={() => send.mutate()}>
                Send a test event
              </Button>
            </Allowed>
          </Group>
          <Trouble error={send.error} />
          {send.data && <Answer answer={send.data} projectId={projectId} />}
        </Stack>
      </Collapse>
    </Box>
  );
}

/** What was answered: the status in front, what it means, where the event went. */
function Answer({ answer, projectId }: { answer: TestEvent; projectId: string }) {
  const good = answer.eventId !== null;
  const box = useRef<HTMLDivElement>(null);
  // the dialog is as high as the window, and this is at its end
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
  }, [answer]);
  return (
    <Alert
      ref={box}
      color={good ? "basin" : "red"}
      variant="default"
      role={good ? "status" : "alert"}
      icon={good ? <IconCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} color="var(--mantine-color-error)" aria-hidden />}
      title={answer.status === null ? "No answer" : `Answered ${answer.status} in ${answer.durationMs.toLocaleString("en")} ms`}
    >
      <Text size="sm">{answer.message}</Text>
      {answer.eventId !== null && (
        <Anchor component={Link} to={`/projects/${projectId}/events/${encodeURIComponent(answer.eventId)}`} size="sm">
          What became of the event
        </Anchor>
      )}
      {answer.body && answer.body.text !== "" && (
        <Box mt="xs">
          <Json text={answer.body.text} label="Answer" height={200} />
        </Box>
      )}
    </Alert>
  );
}
