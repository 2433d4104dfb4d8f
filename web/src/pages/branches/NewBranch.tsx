import { Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { makeBranch } from "../../api/branches";
import { nameRefused } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { counted } from "../../components/count";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import type { Place } from "../../shell/place";
import { BRANCH_RULE } from "../../texts/branches";
import { branchHint, NAME_MOST } from "./name";

/** Where a branch begins: the end of a branch, or a commit. */
export interface Beginning {
  /** "the last commit of main". */
  words: string;
  fromBranch?: string;
  fromCommitId?: string;
}

/** Makes a branch and goes to it. */
export function NewBranch({ place, from, onClose }: { place: Place; from: Beginning; onClose: () => void }) {
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const { words, ...beginning } = from;
  const make = useMutation({
    mutationFn: () => makeBranch(place.projectId, { name: name.trim(), ...beginning }),
    onSuccess: async (branch) => {
      await queries.invalidateQueries({ queryKey: ["project", place.projectId, "branches"] });
      onClose();
      await navigate({ to: `/projects/${place.projectId}/branches/${branch.name}/versions` });
    },
  });
  const field = nameRefused(make.error);
  return (
    <Dialog opened onClose={onClose} title="New branch">
      <ActForm act="Create" ready={name.trim() !== ""} busy={make.isPending} run={() => make.mutate()} onClose={onClose}>
        <Text size="sm">It begins at {words}; what is not committed stays where it is.</Text>
        <BranchName name={name} setName={setName} error={field} />
        {!field && <Trouble error={make.error} />}
      </ActForm>
    </Dialog>
  );
}

/** The field of a branch's name. */
export function BranchName({ name, setName, error }: { name: string; setName: (name: string) => void; error: string | undefined }) {
  return (
    <TextInput
      label="Name"
      description={`${BRANCH_RULE} ${counted(name, NAME_MOST)}`}
      required
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      error={error ?? branchHint(name)}
      data-autofocus
      autoComplete="off"
      spellCheck={false}
    />
  );
}
