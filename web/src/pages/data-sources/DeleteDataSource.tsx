import { Anchor, List, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type DataSource, dataSource, dataSourcesKey, deleteDataSource } from "../../api/dataSources";
import { code, Refusal } from "../../api/refusal";
import { Confirm } from "../../components/Confirm";
import { queries } from "../../queries";
import type { Place } from "../../shell/place";
import { DELETE_KEEPS, DELETE_TELLS_NOBODY } from "../../texts/dataSources";
import { processPath } from "./UsedBy";

/** Asks, then deletes; what stands in the way is named, with the way to it. */
export function DeleteDataSource(props: { place: Place; source: DataSource; onClose: () => void; onDeleted: () => void }) {
  const { place, source, onClose, onDeleted } = props;
  const leave = useMutation({
    mutationFn: async () => {
      const read = await queries.fetchQuery({ ...dataSource(place, source.resourceDefinitionId), staleTime: 0 });
      await deleteDataSource(place, source.resourceDefinitionId, read.etag);
    },
    onSuccess: () => {
      onDeleted();
      queries.removeQueries({ queryKey: dataSource(place, source.resourceDefinitionId).queryKey });
      void queries.invalidateQueries({ queryKey: dataSourcesKey(place.projectId) });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
  });
  return (
    <Confirm opened onClose={onClose} title={`Delete ${source.name}?`} act="Delete" busy={leave.isPending} error={leave.error} onConfirm={leave.mutate}>
      <Text size="sm">{DELETE_TELLS_NOBODY}</Text>
      <Text size="sm" mt="xs">
        {DELETE_KEEPS}
      </Text>
      <InTheWay place={place} error={leave.error} />
    </Confirm>
  );
}

function InTheWay({ place, error }: { place: Place; error: unknown }) {
  if (!(error instanceof Refusal) || !error.problem.blocking) return null;
  const path = (id: string) => (code(error) === "trigger-active" ? `/projects/${place.projectId}/triggers` : processPath(place, id));
  return (
    <List size="sm" mt="sm" aria-label="What stands in the way">
      {error.problem.blocking.map((one) => (
        <List.Item key={one.id}>
          <Anchor size="sm" component={Link} to={path(one.id)}>
            {one.name}
          </Anchor>
        </List.Item>
      ))}
    </List>
  );
}
