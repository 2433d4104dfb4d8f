import { Text } from "@mantine/core";
import { type Named, called } from "./elements";

/** An element of a diagram in a list: its name, else its kind, with its id beside that. */
export function ElementName(of: Named) {
  const { words, beside } = called(of);
  return (
    <>
      <bdi>{words}</bdi>
      {beside && " "}
      {beside && (
        <Text span size="xs" c="dimmed" ff="monospace">
          <bdi>{beside}</bdi>
        </Text>
      )}
    </>
  );
}
