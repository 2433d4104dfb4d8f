import { IconLink, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { Menu } from "../../components/Menu";
import type { Trigger } from "../../api/triggers";
import { Allowed } from "../../components/Allowed";
import { RowMenu } from "../../components/RowMenu";

/** The ⋮ menu of a trigger. */
export function TriggerMenu(props: { trigger: Trigger; activate: () => void; deactivate: () => void; getUrl: () => void }) {
  const { trigger } = props;
  return (
    <RowMenu of={trigger.name}>
      <Allowed right="trigger:operate">
        {trigger.state === "Active" ? (
          <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={props.deactivate}>
            Deactivate
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={props.activate}>
            Activate
          </Menu.Item>
        )}
      </Allowed>
      <Allowed right="trigger:reveal-url">
        <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={props.getUrl}>
          Get URL
        </Menu.Item>
      </Allowed>
    </RowMenu>
  );
}
