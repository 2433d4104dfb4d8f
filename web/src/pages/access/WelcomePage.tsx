import { Center, Text } from "@mantine/core";

/** The one-time link: sets a password and signs in. */
export function Page() {
  return (
    <Center mih="100vh">
      <Text>…</Text>
    </Center>
  );
}
