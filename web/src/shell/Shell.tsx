import { ActionIcon, Anchor, AppShell, Box, Burger, Button, Container, Group, Kbd, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { me } from "../api/me";
import { Refusal } from "../api/refusal";
import { onSignedOut } from "../api/session";
import { late } from "../components/Late";
import { Loading } from "../components/Silence";
import { Trouble } from "../components/Trouble";
import { fetchTheRest } from "../late";
import { Navigation } from "./Navigation";
import { Offline } from "./Offline";
import { useParam, usePlace } from "./place";
import { OperationsBar } from "./OperationsBar";
import { useFocusKept } from "./useFocusKept";
import { useLive } from "./useLive";
import { UserMenu } from "./UserMenu";

const Palette = late(async () => (await import("./Palette")).Palette);
const Shortcuts = late(async () => (await import("./Shortcuts")).Shortcuts);
const SignInAgain = late(async () => (await import("./SignInAgain")).SignInAgain);

/** Wider lines are hard to follow; only a drawing has use for more. */
const WIDEST = 1760;

/** Around every page of somebody who is signed in. */
export function Shell() {
  const who = useQuery(me());
  const here = useLocation({ select: (location) => location.href });
  if (who.isPending) {
    return (
      <Container size="sm" py="xl" component="main" id="content">
        <VisuallyHidden component="h1">Forebay</VisuallyHidden>
        <Loading of={who} height={160} />
      </Container>
    );
  }
  if (!who.data && who.error instanceof Refusal && who.error.status === 401) return <Navigate to="/sign-in" search={{ to: here }} />;
  if (!who.data) {
    return <Trouble error={who.error} again={() => void who.refetch()} />;
  }
  return <Frame />;
}

function Frame() {
  const [opened, { toggle, close }] = useDisclosure();
  const [palette, go] = useDisclosure();
  const [keys, help] = useDisclosure();
  const [over, { open: signedOut, close: signedIn }] = useDisclosure();
  useHotkeys([["mod+K", go.open]], []);
  useHotkeys([["shift+?", help.open]]);
  useEffect(() => onSignedOut(signedOut), [signedOut]);
  useEffect(fetchTheRest, []);
  const { projectId } = usePlace();
  const drawing = useParam("processId") !== "";
  // where work on many rows is asked for, no row moves when it begins
  const begun = useLocation({ select: ({ pathname }) => /\/(failed-triggers|instances)$/.test(pathname) });
  const away = useLive(projectId);
  useFocusKept();
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 232, breakpoint: "md", collapsed: { mobile: !opened } }} padding={{ base: "sm", sm: "lg" }}>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label={opened ? "Close navigation" : "Open navigation"} />
            <Anchor component={Link} to="/projects" c="inherit" underline="never">
              <Group gap={8} wrap="nowrap">
                <img src="/mark.svg" alt="" width={24} height={24} />
                <Text fw={650}>Forebay</Text>
              </Group>
            </Anchor>
          </Group>
          <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
            <Offline away={away} />
            <GoTo open={go.open} />
            <UserMenu help={help.open} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <Navigation go={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Box maw={drawing ? undefined : WIDEST} display="flex" style={{ flexDirection: "column" }}>
          <OperationsBar below={begun} />
          <Box miw={0}>
            <Outlet />
          </Box>
        </Box>
        <div id="layers" />
      </AppShell.Main>
      {palette && <Palette onClose={go.close} />}
      {keys && <Shortcuts onClose={help.close} />}
      {over && <SignInAgain onClose={signedIn} />}
    </AppShell>
  );
}

/** The palette for those who do not know its key. */
function GoTo({ open }: { open: () => void }) {
  return (
    <>
      <Button variant="default" size="xs" visibleFrom="sm" onClick={open} leftSection={<IconSearch size={14} aria-hidden />} rightSection={<Kbd size="xs">Ctrl K</Kbd>}>
        Go to
      </Button>
      <ActionIcon variant="default" size={36} hiddenFrom="sm" onClick={open} aria-label="Go to" style={{ flex: "none" }}>
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
    </>
  );
}
