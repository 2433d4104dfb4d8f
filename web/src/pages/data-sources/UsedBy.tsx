import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Use } from "../../api/uses";
import type { Place } from "../../shell/place";

/** How many stand in a row of a list. */
const SHOWN = 2;

/** The processes that start on a data source, each as a link. */
export function UsedBy({ place, users }: { place: Place; users: Use[] }) {
  if (users.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No process
      </Text>
    );
  }
  const more = users.length - SHOWN;
  return (
    <Text size="sm" truncate title={users.map((use) => use.name).join(", ")}>
      {users.slice(0, SHOWN).map((use, at) => (
        <span key={use.id}>
          {at > 0 && ", "}
          <Anchor size="sm" component={Link} to={processPath(place, use.id)}>
            {use.name}
          </Anchor>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </Text>
  );
}

/** The address of a process in the designer, or of an element in it. */
export function processPath(place: Place, id: string, element?: string | null): string {
  const process = `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/processes/${id}`;
  return element ? `${process}?element=${encodeURIComponent(element)}` : process;
}
