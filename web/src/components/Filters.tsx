import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";

/** The filters above a list; they stand in the page's address, so that a filtered list can be sent to somebody. */
export function Filters({ children, any, clear }: { children: ReactNode; any: boolean; clear: () => void }) {
  return (
    <Group gap="xs" mb="sm" align="flex-end" role="search" aria-label="Filters">
      {children}
      {any && (
        <Button variant="subtle" size="sm" onClick={clear}>
          Clear
        </Button>
      )}
    </Group>
  );
}
