import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

/** The name in the first column of a list, and the way to its page. A long one breaks instead of pushing the others out. */
export function NameLink({ to, children }: { to: string; children: string }) {
  return (
    <Anchor component={Link} to={to} size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
      {children}
    </Anchor>
  );
}
