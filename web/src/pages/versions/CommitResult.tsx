import { Alert, Anchor, Button, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { CommitMade } from "../../api/versions";
import type { Place } from "../../shell/place";
import { CREATED, NOT_RUNNING } from "../../texts/versions";
import { Problems } from "./Problems";
import { many, versionsPath } from "./words";

/** What a commit did, where it was made. */
export function CommitResult({ place, made, onClose }: { place: Place; made: CommitMade; onClose: () => void }) {
  const { created, relinked, unlinked } = made.triggers;
  return (
    <Alert variant="light" icon={<IconCircleCheck size={18} aria-hidden />} withCloseButton onClose={onClose} role="status" title={`Commit ${made.number} was made`}>
      <Text size="sm">
        <Anchor size="sm" underline="always" component={Link} to={versionsPath(place, "commits", made.id)}>
          {made.message}
        </Anchor>
      </Text>
      <Text size="sm">{made.running ? "It runs now." : NOT_RUNNING}</Text>
      {created.length > 0 && (
        <Text size="sm">
          {many(created.length, "trigger was", "triggers were")} made. {CREATED}
        </Text>
      )}
      {relinked.length > 0 && (
        <Text size="sm">
          {many(relinked.length, "trigger is", "triggers are")} back on the list.
        </Text>
      )}
      {unlinked.length > 0 && <Text size="sm">{many(unlinked.length, "trigger went", "triggers went")} off the list.</Text>}
      <Problems place={place} problems={made.warnings} />
      {created.length + relinked.length > 0 && <ToTriggers place={place} />}
    </Alert>
  );
}

function ToTriggers({ place }: { place: Place }) {
  return (
    <Button size="xs" mt="xs" component={Link} to={`/projects/${place.projectId}/triggers`}>
      To Manage Triggers
    </Button>
  );
}
