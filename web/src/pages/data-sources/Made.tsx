import { Alert, Anchor, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Place } from "../../shell/place";
import { MADE } from "../../texts/dataSources";

/** After Create: that it was, and what comes next. The trigger's own state stands beside the settings. */
export function Made({ place }: { place: Place }) {
  const [closed, setClosed] = useState(false);
  if (closed) return null;
  return (
    <Alert color="basin" variant="light" role="status" mb="md" icon={<IconCheck size={18} aria-hidden />} withCloseButton onClose={() => setClosed(true)}>
      <Text size="sm">
        {MADE}{" "}
        <Anchor size="sm" underline="always" component={Link} to={`/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/processes`} state={{ making: true }}>
          New process
        </Anchor>
      </Text>
    </Alert>
  );
}
