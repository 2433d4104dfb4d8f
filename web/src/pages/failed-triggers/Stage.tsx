import { Text } from "@mantine/core";
import { Tooltip } from "../../components/Tooltip";
import { STAGES } from "../../texts/failedTriggers";

/** Where it failed, with what that means on hover. */
export function Stage({ stage }: { stage: string }) {
  const known = STAGES[stage];
  if (!known) return <>{stage}</>;
  return (
    <Tooltip label={known.meaning} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
      <Text span size="sm" tabIndex={0}>
        {known.label}
      </Text>
    </Tooltip>
  );
}
