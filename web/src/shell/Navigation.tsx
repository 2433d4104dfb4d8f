import { Box, NavLink, Stack, Text } from "@mantine/core";
import { IconFolders, IconUser } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { useRights } from "../api/me";
import { useInstallationPages } from "./installation";
import { usePlace } from "./place";
import { type Entry, type Group, isGroup, permitted, SECTIONS } from "./navigation";
import { ProjectSwitcher } from "./ProjectSwitcher";

/** The left side: where one is, and the pages of the project. `go` is called when a page was chosen. */
export function Navigation({ go }: { go: () => void }) {
  const place = usePlace();
  const may = useRights();
  if (!place.projectId) return <Outside go={go} />;
  return (
    <Stack gap="xs" h="100%">
      <ProjectSwitcher />
      <Box style={{ flex: 1, minHeight: 0, overflowY: "auto", scrollbarWidth: "thin" }}>
        {permitted(SECTIONS, may).map((section) => (
          <Stack key={section.label} gap={2} mb="md" component="section" aria-label={section.label}>
            <Text size="xs" fw={600} c="dimmed" px="sm" tt="uppercase" lts="0.04em">
              {section.label}
            </Text>
            {section.entries.map((line) =>
              isGroup(line) ? (
                <Heading key={line.label} group={line}>
                  {line.entries.map((entry) => (
                    <PageLink key={entry.label} entry={entry} go={go} />
                  ))}
                </Heading>
              ) : (
                <PageLink key={line.label} entry={line} go={go} />
              ),
            )}
          </Stack>
        ))}
      </Box>
    </Stack>
  );
}

/** A heading within a section: no page of its own, what is under it is indented. */
function Heading({ group, children }: { group: Group; children: ReactNode }) {
  const id = useId();
  return (
    <Stack gap={2} role="group" aria-labelledby={id}>
      <NavLink
        component="div"
        id={id}
        label={group.label}
        leftSection={<group.icon size={18} aria-hidden />}
        c="dimmed"
        style={{ pointerEvents: "none" }}
      />
      <Box pl="lg">{children}</Box>
    </Stack>
  );
}

/** The way to one page of the project. */
function PageLink({ entry, go }: { entry: Entry; go: () => void }) {
  const to = entry.to(usePlace());
  const here = useHere();
  const active = here === decodeURI(to) || here.startsWith(`${decodeURI(to)}/`);
  return (
    <NavLink
      component={Link}
      to={to}
      label={entry.label}
      leftSection={<entry.icon size={18} aria-hidden />}
      active={active}
      aria-current={active ? "page" : undefined}
      onClick={go}
      style={{ borderRadius: "var(--mantine-radius-sm)" }}
    />
  );
}

const useHere = () => useLocation({ select: (location) => decodeURI(location.pathname) });

/** Where no project is open. */
function Outside({ go }: { go: () => void }) {
  const here = useHere();
  const pages = [{ to: "/projects", label: "Projects", icon: IconFolders }, ...useInstallationPages(), { to: "/account", label: "Your account", icon: IconUser }];
  return (
    <Stack gap={2}>
      {pages.map((page) => (
        <NavLink
          key={page.to}
          component={Link}
          to={page.to}
          label={page.label}
          leftSection={<page.icon size={18} aria-hidden />}
          active={here === page.to}
          aria-current={here === page.to ? "page" : undefined}
          onClick={go}
          style={{ borderRadius: "var(--mantine-radius-sm)" }}
        />
      ))}
    </Stack>
  );
}
