import { Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
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
    <Stack gap={6}>
      <Select
        aria-label="Project"
        data={(all.data?.items ?? []).map((project) => ({ value: project.id, label: project.name }))}
        value={projectId}
        onChange={(id) => id && navigate({ to: "/projects/$projectId", params: { projectId: id } })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No project of this name"
      />
      <Select
        aria-label="Branch"
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
