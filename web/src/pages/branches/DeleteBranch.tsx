import { Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { branch, deleteBranch } from "../../api/branches";
import { code, Refusal } from "../../api/refusal";
import { Confirm } from "../../components/Confirm";
import { queries } from "../../queries";
import type { Place } from "../../shell/place";
import { DELETE_BRANCH, DELETE_UNCOMMITTED } from "../../texts/branches";
import { Named } from "../versions/Named";

/** Asks, then deletes a branch; what would be lost with it is named before it is. */
export function DeleteBranch({ place, onClose }: { place: Place; onClose: () => void }) {
  const navigate = useNavigate();
  const read = useQuery({ ...branch(place), staleTime: 0 });
  const leave = useMutation({
    mutationFn: (loses: boolean) => deleteBranch(place, read.data?.etag ?? "", loses),
    onSuccess: async () => {
      await navigate({ to: `/projects/${place.projectId}/branches/main/versions` });
      onClose();
      await queries.invalidateQueries({ queryKey: ["project", place.projectId, "branches"] });
    },
    onError: (error) => {
      if (error instanceof Refusal && error.status === 412) void read.refetch();
    },
  });
  const loses = code(leave.error) === "uncommitted-changes";
  const lost = leave.error instanceof Refusal ? (leave.error.problem.blocking ?? []) : [];
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Delete branch ${place.branch}?`}
      act={loses ? "Delete, and lose them" : "Delete"}
      busy={leave.isPending || read.isPending}
      error={loses ? undefined : (leave.error ?? read.error)}
      onConfirm={() => leave.mutate(loses)}
    >
      <Text size="sm">{DELETE_BRANCH}</Text>
      {loses && (
        <div role="alert">
          <Text size="sm" my="xs">
            {DELETE_UNCOMMITTED}
          </Text>
          <Named things={lost} />
        </div>
      )}
    </Confirm>
  );
}
