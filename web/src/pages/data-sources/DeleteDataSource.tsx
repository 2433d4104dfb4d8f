import { Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type DataSource, dataSource, dataSourcesKey, deleteDataSource } from "../../api/dataSources";
import { code, Refusal } from "../../api/refusal";
import { Confirm } from "../../components/Confirm";
import { InTheWay } from "../../components/InTheWay";
import { askOnce, queries } from "../../queries";
import type { Place } from "../../shell/place";
import { DELETE_KEEPS, DELETE_TELLS_NOBODY } from "../../texts/dataSources";
import { processPath } from "./UsedBy";

/** Asks, then deletes; what stands in the way is named, with the way to it. */
export function DeleteDataSource(props: { place: Place; source: DataSource; onClose: () => void; onDeleted: () => void }) {
  const { place, source, onClose, onDeleted } = props;
  const leave = useMutation({
    mutationFn: async () => {
      const read = await askOnce(dataSource(place, source.resourceDefinitionId));
      await deleteDataSource(place, source.resourceDefinitionId, read.etag);
    },
    onSuccess: () => {
      onDeleted();
      queries.removeQueries({ queryKey: dataSource(place, source.resourceDefinitionId).queryKey });
      void queries.invalidateQueries({ queryKey: dataSourcesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
  });
  const blocking = leave.error instanceof Refusal ? leave.error.problem.blocking : undefined;
  const way = (id: string) => (code(leave.error) === "trigger-active" ? `/projects/${place.projectId}/triggers` : processPath(place, id));
  return (
    <Confirm opened onClose={onClose} title={`Delete ${source.name}?`} act="Delete" busy={leave.isPending} error={leave.error} onConfirm={leave.mutate}>
      <Text size="sm">{DELETE_TELLS_NOBODY}</Text>
      <Text size="sm" mt="xs">
        {DELETE_KEEPS}
      </Text>
      <InTheWay things={blocking} to={way} />
    </Confirm>
  );
}
