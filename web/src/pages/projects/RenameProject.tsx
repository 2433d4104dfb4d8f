import { Alert } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Project, project, projectsKey, renameProject } from "../../api/projects";
import { nameRefused, Refusal } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { CHANGED_MEANWHILE } from "../../texts/projects";
import { ProjectName } from "./ProjectName";

/** Gives a project another name. */
export function RenameProject({ of, onClose }: { of: Project; onClose: () => void }) {
  const read = useQuery({ ...project(of.id), refetchOnWindowFocus: false });
  const [name, setName] = useState(of.name);
  const rename = useMutation({
    mutationFn: (etag: string) => renameProject(of.id, etag, name),
    onSuccess: async () => {
      await Promise.all([queries.invalidateQueries({ queryKey: projectsKey }), queries.invalidateQueries({ queryKey: project(of.id).queryKey })]);
      onClose();
    },
    onError: (error) => {
      if (stale(error)) void read.refetch();
    },
  });
  const field = nameRefused(rename.error);
  return (
    <Dialog opened onClose={onClose} title="Rename project">
      <ActForm act={stale(rename.error) ? "Rename all the same" : "Rename"} ready={read.data !== undefined && name.trim() !== "" && name.trim() !== of.name} busy={rename.isPending} run={() => read.data && rename.mutate(read.data.etag)} onClose={onClose}>
        <ProjectName name={name} setName={setName} error={field} />
        {stale(rename.error) ? (
          <Alert variant="default" role="alert">
            {CHANGED_MEANWHILE} “{read.data?.value.name}”.
          </Alert>
        ) : (
          !field && <Trouble error={rename.error ?? read.error} />
        )}
      </ActForm>
    </Dialog>
  );
}

function stale(error: unknown): boolean {
  return error instanceof Refusal && error.status === 412;
}
