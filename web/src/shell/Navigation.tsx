import { Box, NavLink, Stack, Text } from "@mantine/core";
import { IconFolders, IconUser } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useRights } from "../api/me";
import { useInstallationPages } from "./installation";
import { usePlace } from "./place";
import { permitted, SECTIONS } from "./navigation";
import { ProjectSwitcher } from "./ProjectSwitcher";

/** The left side: where one is, and the pages of the project. `go` is called when a page was chosen. */
export function Navigation({ go }: { go: () => void }) {
  const place = usePlace();
  const may = useRights();
  const here = useLocation({ select: (location) => decodeURI(location.pathname) });
  if (!place.projectId) return <Outside here={here} go={go} />;
  return (
    <Stack gap="xs" h="100%">
      <ProjectSwitcher />
      <Box style={{ flex: 1, minHeight: 0, overflowY: "auto", scrollbarWidth: "thin" }}>
        {permitted(SECTIONS, may).map((section) => (
          <Stack key={section.label} gap={2} mb="md" component="section" aria-label={section.label}>
            <Text size="xs" fw={600} c="dimmed" px="sm" tt="uppercase" lts="0.04em">
              {section.label}
            </Text>
            {section.entries.map((entry) => {
              const to = entry.to(place);
              const active = here === decodeURI(to) || here.startsWith(`${decodeURI(to)}/`);
              return (
                <NavLink
                  key={entry.label}
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
            })}
          </Stack>
        ))}
      </Box>
    </Stack>
  );
}

/** Where no project is open. */
function Outside({ here, go }: { here: string; go: () => void }) {
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
