import { Badge } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { Tooltip } from "../components/Tooltip";

/** A quiet mark while the server does not answer. */
export function Offline({ away }: { away: boolean }) {
  return (
    <div role="status">
      {away && (
        <Tooltip label="The server does not answer. What you see may be old; what you type is kept." multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
          <Badge variant="light" color="gray" tt="none" tabIndex={0} leftSection={<IconCloudOff size={13} aria-hidden />} style={{ flex: "none" }}>
            Offline
          </Badge>
        </Tooltip>
      )}
    </div>
  );
}
