import { Anchor, List } from "@mantine/core";
import { Link } from "@tanstack/react-router";

/** The things that stand in the way of an act, each with the way to it. */
export function InTheWay({ things, to }: { things: { id: string; name: string }[] | undefined; to: (id: string) => string }) {
  if (!things?.length) return null;
  return (
    <List size="sm" mt="sm" aria-label="What stands in the way">
      {things.map((one) => (
        <List.Item key={one.id}>
          <Anchor size="sm" component={Link} to={to(one.id)} style={{ overflowWrap: "anywhere" }}>
            {one.name}
          </Anchor>
        </List.Item>
      ))}
    </List>
  );
}
