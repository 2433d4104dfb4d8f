import { FileInput, Text } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { projectsKey } from "../../api/projects";
import { nameRefused } from "../../api/refusal";
import { importProject, previewProject } from "../../api/transfer";
import { Dialog } from "../../components/Dialog";
import { queries } from "../../queries";
import { ARCHIVE_RULE, IMPORT_PROJECT } from "../../texts/transfer";
import { ProjectName } from "../projects/ProjectName";
import { ActForm } from "../../components/ActForm";
import { Faults } from "./Faults";
import { ImportedList } from "./ImportedList";

/** Makes a project of an archive; what it would hold is shown first. */
export function ImportProject({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState<string>();
  const navigate = useNavigate();
  const preview = useQuery({
    queryKey: ["import", file?.name, file?.lastModified, file?.size, name],
    enabled: file !== null,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: async () => (file ? previewProject(file, name ?? "") : null),
  });
  const run = useMutation({
    mutationFn: async () => (file ? importProject(file, name ?? "") : null),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: projectsKey });
      if (made?.projectId) await navigate({ to: `/projects/${made.projectId}/branches/${made.branch}/versions` });
    },
  });
  const field = nameRefused(run.error) ?? nameRefused(preview.error);
  const choose = (chosen: File | null) => {
    run.reset();
    setName(undefined);
    setFile(chosen);
  };
  const found = file && preview.data;
  return (
    <Dialog opened onClose={onClose} title="Import a project" size="lg">
      <ActForm act="Import" ready={Boolean(found) && !preview.isError && !preview.isFetching} busy={run.isPending} run={() => run.mutate()} onClose={onClose}>
        <Text size="sm">{IMPORT_PROJECT}</Text>
        <FileInput label="Archive" description={ARCHIVE_RULE} placeholder="Choose a file" accept=".tar.gz,.tgz,application/gzip" value={file} onChange={choose} required data-autofocus />
        {(found || field) && <ProjectName name={name ?? preview.data?.name ?? ""} setName={setName} error={field} />}
        {found && !preview.error && <ImportedList resources={found.resources} />}
        {!field && <Faults error={run.error ?? preview.error} />}
      </ActForm>
    </Dialog>
  );
}
