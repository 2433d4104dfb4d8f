import { Box } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that may be wider than its place, which then is scrolled sideways. `width`: no narrower than this. */
export function Sideways({ width, children }: { width: number; children: ReactNode }) {
  return (
    <Box style={{ overflowX: "auto" }}>
      <Box miw={width}>{children}</Box>
    </Box>
  );
}
