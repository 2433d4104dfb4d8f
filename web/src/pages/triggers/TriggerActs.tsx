import { Button, Group } from "@mantine/core";
import type { Trigger } from "../../api/triggers";
import { Allowed } from "../../components/Allowed";
import { TriggerMenu } from "./TriggerMenu";

/** What is done with a trigger: most often the next step of it, else what the menu has. */
export function TriggerActs(props: { trigger: Trigger; busy: boolean; activate: () => void; deactivate: () => void; getUrl: () => void }) {
  const { trigger } = props;
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {trigger.state === "Active" ? (
        <Allowed right="trigger:reveal-url">
          <Button size="compact-sm" variant="default" visibleFrom="sm" aria-label={`Get URL of ${trigger.name}`} onClick={props.getUrl}>
            Get URL
          </Button>
        </Allowed>
      ) : (
        <Allowed right="trigger:operate">
          <Button size="compact-sm" visibleFrom="sm" loading={props.busy} aria-label={`Activate ${trigger.name}`} onClick={props.activate}>
            Activate
          </Button>
        </Allowed>
      )}
      <TriggerMenu {...props} />
    </Group>
  );
}
