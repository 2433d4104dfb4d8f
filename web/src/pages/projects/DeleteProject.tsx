import { Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type Project, deleteProject, project, projectsKey } from "../../api/projects";
import { Refusal } from "../../api/refusal";
import { Confirm } from "../../components/Confirm";
import { InTheWay } from "../../components/InTheWay";
import { askOnce, queries } from "../../queries";
import { DELETE } from "../../texts/projects";

/** Erases a project, once its name was typed. */
export function DeleteProject({ of, onClose }: { of: Project; onClose: () => void }) {
  const leave = useMutation({
    mutationFn: async () => {
      const read = await askOnce(project(of.id));
      await deleteProject(of.id, read.etag);
    },
    onSuccess: async () => {
      queries.removeQueries({ queryKey: ["project", of.id] });
      await queries.invalidateQueries({ queryKey: projectsKey });
      onClose();
    },
  });
  const blocking = leave.error instanceof Refusal ? leave.error.problem.blocking : undefined;
  return (
    <Confirm opened onClose={onClose} title={`Delete ${of.name}?`} act="Delete for good" typed={of.name} busy={leave.isPending} error={leave.error} onConfirm={leave.mutate}>
      <Text size="sm">{DELETE}</Text>
      <InTheWay things={blocking} to={() => `/projects/${of.id}/triggers`} />
    </Confirm>
  );
}
