import { Alert, Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCheck, IconInfoCircle, IconLockOpen } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Trigger, type WebhookUrl, resetApiKey, revealUrl, triggersKey } from "../../api/triggers";
import { servers } from "../../api/servers";
import { Allowed } from "../../components/Allowed";
import { Confirm } from "../../components/Confirm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { Way } from "../../components/Way";
import { CAME, DEACTIVATED_URL, HEADER_INSTEAD, NO_HTTPS, RESET, RESET_DONE, URL_IS_SECRET } from "../../texts/triggers";
import { liveOn } from "../servers/words";
import { CurlLine } from "./CurlLine";
import { SendTest } from "./SendTest";
import { UrlBox } from "./UrlBox";
import { useSwitch } from "./useSwitch";

/** What the dialog is drawn of. */
export interface UrlDialogProps {
  trigger: Trigger;
  projectId: string;
  onClose: () => void;
}

/** The webhook's URL: to copy, to try, and to replace. */
export function UrlDialog({ trigger, projectId, onClose }: UrlDialogProps) {
  const reveal = useMutation({ mutationFn: () => revealUrl(projectId, trigger.id) });
  const asked = useRef(false);
  useEffect(() => {
    // once: each asking is an entry in the audit log
    if (asked.current) return;
    asked.current = true;
    reveal.mutate();
  });
  const [replaced, setReplaced] = useState<WebhookUrl>();
  const address = replaced ?? reveal.data;
  return (
    <Dialog opened onClose={onClose} size="xl" title={`Webhook URL of ${trigger.name}`}>
      <Stack gap="md">
        {replaced && (
          <Alert color="basin" icon={<IconInfoCircle size={18} aria-hidden />} role="status">
            {RESET_DONE}
          </Alert>
        )}
        {trigger.state !== "Active" && <ActivateHere trigger={trigger} projectId={projectId} />}
        {reveal.isPending && <Skeleton height={120} role="status" aria-label="Loading" />}
        <Trouble error={reveal.error} again={() => reveal.mutate()} />
        {address && <Revealed address={address} />}
        {address && trigger.state === "Active" && <LiveOn />}
        {address && <SendTest trigger={trigger} projectId={projectId} />}
        <Arrived trigger={trigger} projectId={projectId} />
        {address && (
          <Group justify="space-between">
            <Reset trigger={trigger} projectId={projectId} done={setReplaced} />
            <Button variant="default" onClick={onClose}>
              Done
            </Button>
          </Group>
        )}
      </Stack>
    </Dialog>
  );
}

function Revealed({ address }: { address: WebhookUrl }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <UrlBox address={address} shown={shown} toggle={() => setShown(!shown)} />
      <Text size="xs" c="dimmed">
        {URL_IS_SECRET} {HEADER_INSTEAD}
      </Text>
      {address.url.startsWith("http:") && (
        <Alert color="yellow" variant="light" icon={<IconLockOpen size={18} aria-hidden />} p="xs">
          <Text size="sm">{NO_HTTPS}</Text>
        </Alert>
      )}
      <CurlLine address={address} shown={shown} />
    </>
  );
}

/** Where several gateways take webhooks: how many of them know this state. */
function LiveOn() {
  const told = useQuery(servers());
  if (!told.data || told.data.gateways < 2) return null;
  const live = liveOn(told.data);
  return (
    <Text size="sm" role="status" c={live.all ? "dimmed" : "red"}>
      Live on {live.text}.
    </Text>
  );
}

/** Whoever sends while the dialog is open sees here that it came. */
function Arrived({ trigger, projectId }: { trigger: Trigger; projectId: string }) {
  const last = trigger.lastEventAt;
  const [before] = useState(last);
  if (last === null || last === before) return null;
  return (
    <Alert color="basin" role="status" p="xs" icon={<IconCheck size={18} aria-hidden />}>
      <Text size="sm">
        {CAME}{" "}
        <Anchor component={Way} size="sm" underline="always" href={`/projects/${projectId}/events?dataSourceId=${trigger.dataSourceId}`}>
          Follow it in Events
        </Anchor>
      </Text>
    </Alert>
  );
}

function ActivateHere({ trigger, projectId }: { trigger: Trigger; projectId: string }) {
  const change = useSwitch(projectId);
  return (
    <Alert color="gray" icon={<IconInfoCircle size={18} aria-hidden />}>
      <Group justify="space-between">
        <Text size="sm">{DEACTIVATED_URL}</Text>
        <Allowed right="trigger:operate">
          <Button size="xs" loading={change.isPending} onClick={() => change.mutate({ id: trigger.id, to: "Active" })}>
            Activate
          </Button>
        </Allowed>
      </Group>
      <Trouble error={change.error} />
    </Alert>
  );
}

function Reset({ trigger, projectId, done }: { trigger: Trigger; projectId: string; done: (address: WebhookUrl) => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const reset = useMutation({
    mutationFn: () => resetApiKey(projectId, trigger.id),
    onSuccess: (address) => {
      setAsking(false);
      done(address);
      void client.invalidateQueries({ queryKey: triggersKey(projectId) });
    },
  });
  return (
    <>
      <Allowed right="trigger:reset-api-key">
        <Button variant="outline" color="red" onClick={() => setAsking(true)}>
          Reset API Key
        </Button>
      </Allowed>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Reset API Key"
        act="Reset API Key"
        busy={reset.isPending}
        error={reset.error}
        onConfirm={() => reset.mutate()}
      >
        {RESET}
      </Confirm>
    </>
  );
}
