import { Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { branch, deleteBranch } from "../../api/branches";
import { code, Refusal } from "../../api/refusal";
import { changes } from "../../api/versions";
import { Confirm } from "../../components/Confirm";
import { queries } from "../../queries";
import type { Place } from "../../shell/place";
import { DELETE_BRANCH, DELETE_UNCOMMITTED } from "../../texts/branches";
import { Named } from "../versions/Named";
import { many } from "../versions/words";

/** Asks, then deletes a branch; what would be lost with it is named before it is. */
export function DeleteBranch({ place, onClose }: { place: Place; onClose: () => void }) {
  const navigate = useNavigate();
  const read = useQuery({ ...branch(place), staleTime: 0 });
  const open = useQuery({ ...changes(place), staleTime: 0 });
  const lost = (open.data?.value.items ?? []).map((one) => ({ id: one.resourceDefinitionId, name: one.name }));
  const leave = useMutation({
    // the branch's tag is another one when somebody changes something meanwhile: only what is named here is lost
    mutationFn: () => deleteBranch(place, read.data?.etag ?? "", lost.length > 0),
    onSuccess: async () => {
      await navigate({ to: `/projects/${place.projectId}/branches/main/versions` });
      onClose();
      await queries.invalidateQueries({ queryKey: ["project", place.projectId, "branches"] });
    },
    onError: (error) => {
      if (!(error instanceof Refusal) || (error.status !== 412 && code(error) !== "uncommitted-changes")) return;
      void read.refetch();
      void open.refetch();
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Delete branch ${place.branch}?`}
      act={lost.length > 0 ? `Delete, and lose ${many(lost.length, "change")}` : "Delete"}
      busy={leave.isPending || read.isFetching || open.isFetching}
      error={leave.error ?? read.error ?? open.error}
      onConfirm={() => read.data && open.data && leave.mutate()}
    >
      <Text size="sm">{DELETE_BRANCH}</Text>
      {lost.length > 0 && (
        <div>
          <Text size="sm" my="xs">
            {DELETE_UNCOMMITTED}
          </Text>
          <Named things={lost} />
        </div>
      )}
    </Confirm>
  );
}
