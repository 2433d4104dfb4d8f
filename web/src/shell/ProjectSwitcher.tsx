import { Stack } from "@mantine/core";
import { IconFolder, IconGitBranch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { Select } from "../components/Select";
import { branches, projects } from "../api/projects";
import { rememberBranch, usePlace } from "./place";

/** Which project, and which of its branches. */
export function ProjectSwitcher() {
  const { projectId, branch } = usePlace();
  const own = useParams({ strict: false }) as { branch?: string };
  const navigate = useNavigate();
  const all = useQuery(projects());
  const known = useQuery(branches(projectId));
  useEffect(() => rememberBranch(projectId, branch), [projectId, branch]);
  return (
    <Stack gap={6} mb={4}>
      <Select
        aria-label="Project"
        leftSection={<IconFolder size={16} aria-hidden />}
        data={(all.data ?? []).map((project) => ({ value: project.id, label: project.name }))}
        value={projectId}
        onChange={(id) => id && navigate({ to: "/projects/$projectId", params: { projectId: id } })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No project of this name"
      />
      <Select
        aria-label="Branch"
        leftSection={<IconGitBranch size={14} aria-hidden />}
        size="xs"
        data={(known.data?.items ?? []).map((one) => one.name)}
        value={branch}
        onChange={(name) => {
          if (!name) return;
          rememberBranch(projectId, name);
          const to = own.branch ? "/projects/$projectId/branches/$branch/data-sources" : "/projects/$projectId/triggers";
          void navigate({ to, params: { projectId, branch: name } });
        }}
        searchable
        allowDeselect={false}
      />
    </Stack>
  );
}
