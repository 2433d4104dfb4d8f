import { Text } from "@mantine/core";

/** So many are named; the rest is counted. */
const SHOWN = 10;

/** The names of things that an act is about. */
export function Named({ things }: { things: { id: string; name: string }[] }) {
  const more = things.length - SHOWN;
  return (
    <Text size="sm" component="ul" m={0} pl="lg" fw={600}>
      {things.slice(0, SHOWN).map((one) => (
        <li key={one.id} style={{ overflowWrap: "anywhere" }}>
          {one.name}
        </li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </Text>
  );
}
