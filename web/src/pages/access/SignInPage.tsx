import { Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useDocumentTitle } from "../../components/useDocumentTitle";
import { queries } from "../../queries";
import { SignInForm } from "../../shell/SignInForm";
import { FirstPassword } from "./FirstPassword";

/** Signing in, by password or by a one-time link (its token stands after #, so no server and no proxy sees it). */
export function Page() {
  useDocumentTitle("Sign in");
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const token = useLocation({ select: (location) => location.hash });
  const done = () => {
    queries.clear();
    // only a path of ours: an address with a host would lead the person somewhere else
    const target = to && to.startsWith("/") && !to.startsWith("//") && !to.includes("\\") ? to : "/projects";
    void navigate({ href: target, replace: true });
  };
  return (
    <Center mih="100vh" p="md" component="main" id="content">
      <Paper withBorder radius="md" p="xl" w={400} maw="100%">
        <Stack gap="lg">
          <Group gap="sm">
            <img src="/mark.svg" alt="" width={32} height={32} />
            <Title order={1}>Forebay</Title>
          </Group>
          {token ? <FirstPassword token={token} done={done} /> : <ByPassword done={done} />}
        </Stack>
      </Paper>
    </Center>
  );
}

function ByPassword({ done }: { done: () => void }) {
  return (
    <>
      <SignInForm email="" done={done} />
      <Text size="sm" c="dimmed">
        No account yet, or the password is lost? An administrator makes a sign-in link for you; the one who runs the server gets one with{" "}
        <code>forebay sign-in-link</code>.
      </Text>
    </>
  );
}
