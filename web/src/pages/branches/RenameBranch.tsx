import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { branch, renameBranch } from "../../api/branches";
import { nameRefused } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import type { Place } from "../../shell/place";
import { BranchName } from "./NewBranch";

/** Gives a branch another name. */
export function RenameBranch({ place, onClose }: { place: Place; onClose: () => void }) {
  const [name, setName] = useState(place.branch);
  const navigate = useNavigate();
  const read = useQuery({ ...branch(place), staleTime: 0 });
  const rename = useMutation({
    mutationFn: (etag: string) => renameBranch(place, etag, name.trim()),
    onSuccess: async (now) => {
      await navigate({ to: `/projects/${place.projectId}/branches/${now.name}/versions` });
      onClose();
      await queries.invalidateQueries({ queryKey: ["project", place.projectId] });
    },
    // what changed on it meanwhile has nothing to do with its name: the next attempt goes
    onError: () => void read.refetch(),
  });
  const field = nameRefused(rename.error);
  return (
    <Dialog opened onClose={onClose} title={`Rename branch ${place.branch}`}>
      <ActForm act="Rename" ready={read.data !== undefined && name.trim() !== "" && name.trim() !== place.branch} busy={rename.isPending} run={() => read.data && rename.mutate(read.data.etag)} onClose={onClose}>
        <BranchName name={name} setName={setName} error={field} />
        {!field && <Trouble error={rename.error ?? read.error} />}
      </ActForm>
    </Dialog>
  );
}
