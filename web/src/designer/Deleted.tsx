import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { makeProcess, processesKey } from "../api/processes";
import { said } from "../api/refusal";
import { download } from "../components/download";
import { queries } from "../queries";
import type { Place } from "../shell/place";
import { DESIGNER } from "../texts/designer";
import { Notice } from "./Notice";
import type { Acts } from "./useDesigner";

interface DeletedProps {
  place: Place;
  name: string;
  acts: Acts;
  /** The copy of it is wanted no more. */
  drop: () => void;
}

/** Somebody has deleted the process: what is drawn can still be kept. */
export function Deleted({ place, name, acts, drop }: DeletedProps) {
  const go = useNavigate();
  const again = useMutation({
    mutationFn: async () => makeProcess(place, name, await acts.xml()),
    onSuccess: async ({ resourceDefinitionId }) => {
      drop();
      void queries.invalidateQueries({ queryKey: [...processesKey(place.projectId), "list"] });
      await go({ to: `/projects/${place.projectId}/branches/${encodeURIComponent(place.branch)}/processes/${resourceDefinitionId}`, ignoreBlocker: true });
    },
  });
  return (
    <Notice text={again.error ? `${DESIGNER.deleted} ${said(again.error)}` : DESIGNER.deleted}>
      <Button size="xs" variant="default" onClick={() => void acts.xml().then((xml) => download(new Blob([xml], { type: "application/xml" }), `${name}.bpmn`))}>
        Export as .bpmn
      </Button>
      <Button size="xs" onClick={() => again.mutate()} loading={again.isPending}>
        Save as a new process
      </Button>
    </Notice>
  );
}
