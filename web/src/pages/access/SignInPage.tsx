import { Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDocumentTitle } from "../../components/useDocumentTitle";
import { queries } from "../../queries";
import { SignInForm } from "../../shell/SignInForm";

/** Signing in; then back to where one was going. */
export function Page() {
  useDocumentTitle("Sign in");
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const done = () => {
    queries.clear();
    // only a path of ours: an address with a host would lead the person somewhere else
    const target = to && to.startsWith("/") && !to.startsWith("//") && !to.includes("\\") ? to : "/projects";
    void navigate({ href: target, replace: true });
  };
  return (
    <Center mih="100vh" p="md" component="main" id="content">
      <Paper withBorder radius="md" p="xl" w={380} maw="100%">
        <Stack gap="lg">
          <Group gap="sm">
            <img src="/mark.svg" alt="" width={32} height={32} />
            <Title order={1}>Forebay</Title>
          </Group>
          <SignInForm email="" done={done} />
          <Text size="sm" c="dimmed">
            No account yet, or the password is lost? An administrator makes a sign-in link for you; the one who runs the server gets one with{" "}
            <code>forebay sign-in-link</code>.
          </Text>
        </Stack>
      </Paper>
    </Center>
  );
}
