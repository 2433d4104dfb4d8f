import { Alert, Anchor, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { PolicyChosen } from "../../api/policy";
import type { Place } from "../../shell/place";
import { many } from "../versions/words";

/** What the choice did. */
export function Result({ place, chosen, onClose }: { place: Place; chosen: PolicyChosen; onClose: () => void }) {
  const { created, relinked, unlinked } = chosen.triggers;
  const did = [
    created.length > 0 && `${many(created.length, "trigger was", "triggers were")} made, deactivated`,
    relinked.length > 0 && `${many(relinked.length, "trigger is", "triggers are")} back on the list`,
    unlinked.length > 0 && `${many(unlinked.length, "trigger went", "triggers went")} off the list`,
  ].filter((words) => words !== false);
  return (
    <Alert variant="light" icon={<IconCircleCheck size={18} aria-hidden />} withCloseButton onClose={onClose} role="status" title="The policy was applied">
      <Text size="sm">
        {did.length === 0 ? "No trigger was touched." : `${did.join(", ")}.`}{" "}
        <Anchor size="sm" underline="always" component={Link} to={`/projects/${place.projectId}/triggers`}>
          To Manage Triggers
        </Anchor>
      </Text>
    </Alert>
  );
}
