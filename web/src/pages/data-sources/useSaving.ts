import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import { changeDataSource, type DataSource, dataSource, dataSourcesKey } from "../../api/dataSources";
import { Refusal } from "../../api/refusal";
import { askOnce, queries } from "../../queries";
import type { Place } from "../../shell/place";
import { changeOf, type Draft } from "./settings";

/**
 * Saves a draft over the version that was read. Where somebody was faster (412), `theirs` is their version and the
 * person chooses; nothing that was typed is lost.
 */
export function useSaving(place: Place, base: Tagged<DataSource>, draft: Draft, begin: (from: Tagged<DataSource>) => void) {
  const id = base.value.resourceDefinitionId;
  const [theirs, setTheirs] = useState<Tagged<DataSource>>();
  const [saved, setSaved] = useState(false);
  const saving = useMutation({
    mutationFn: (etag: string) => changeDataSource(place, id, etag, changeOf(base.value, draft)),
    onSuccess: (now) => {
      setTheirs(undefined);
      setSaved(true);
      begin(now);
      queries.setQueryData(dataSource(place, id).queryKey, now);
      void queries.invalidateQueries({ queryKey: [...dataSourcesKey(place.projectId), "list"] });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
    onError: async (error) => {
      if (!stale(error)) return;
      setTheirs(await askOnce(dataSource(place, id)));
    },
  });
  const refused = saving.error instanceof Refusal ? saving.error : undefined;
  const taken = refused?.problem.code === "name-taken";
  const shown = taken || (refused?.problem.errors?.length ?? 0) > 0 || (stale(saving.error) && theirs);
  return {
    save: (etag: string) => saving.mutate(etag),
    busy: saving.isPending,
    saved,
    theirs,
    /** What belongs to no field. */
    trouble: shown ? undefined : saving.error,
    field: (name: string) => refused?.field(name) ?? (taken && name === "name" ? refused?.message : undefined),
    /** Something was typed: what was said of it before is old. */
    forget: () => {
      setSaved(false);
      if (saving.isError && !theirs) saving.reset();
    },
  };
}

function stale(error: unknown): boolean {
  return error instanceof Refusal && error.status === 412;
}
