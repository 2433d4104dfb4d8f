import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { makeProject, projectsKey } from "../../api/projects";
import { nameRefused } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { ProjectName } from "./ProjectName";

/** Makes a project and opens it. */
export function NewProject({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New project">
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: () => makeProject(name),
    onSuccess: async (project) => {
      await queries.invalidateQueries({ queryKey: projectsKey });
      await navigate({ to: "/projects/$projectId", params: { projectId: project.id } });
    },
  });
  const field = nameRefused(make.error);
  return (
    <ActForm act="Create" ready={name.trim() !== ""} busy={make.isPending} run={() => make.mutate()} onClose={onClose}>
      <ProjectName name={name} setName={setName} error={field} />
      {!field && <Trouble error={make.error} />}
    </ActForm>
  );
}
