import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Tagged } from "../api/client";
import { bpmn, processesKey, saveBpmn } from "../api/processes";
import { Refusal } from "../api/refusal";
import { askOnce, queries } from "../queries";
import type { Place } from "../shell/place";
import { dropDraft, keepDraft } from "./draft";
import type { Acts, Designer } from "./useDesigner";

/** Saving, and what stands in its way. */
export interface Saving {
  save: () => Promise<boolean>;
  busy: boolean;
  error: unknown;
  /** What somebody else has saved meanwhile. */
  theirs: Tagged<string> | undefined;
  keepMine: () => Promise<boolean>;
  takeTheirs: () => Promise<void>;
  later: () => void;
  /** The version that what is drawn began at. */
  etag: string;
  begin: (etag: string) => void;
}

interface Wanted {
  place: Place;
  id: string;
  first: Tagged<string>;
  acts: Acts;
}

export function useSave({ place, id, first, acts }: Wanted): Saving {
  const [etag, begin] = useState(first.etag);
  const [theirs, setTheirs] = useState<Tagged<string>>();
  const known = bpmn(place, id);
  const saving = useMutation({
    mutationFn: async (over: string) => {
      const xml = await acts.xml();
      return { xml, saved: await saveBpmn(place, id, over, xml) };
    },
    onSuccess: async ({ xml, saved }) => {
      // the news of the saving may be read already, and could come back as what was before
      await queries.cancelQueries({ queryKey: known.queryKey, exact: true });
      begin(saved.etag);
      setTheirs(undefined);
      acts.keep();
      dropDraft(place, id);
      queries.setQueryData(known.queryKey, { value: xml, etag: saved.etag });
      void queries.invalidateQueries({ queryKey: processesKey(place.projectId), predicate: (query) => query.queryKey[3] !== id && query.queryKey[2] !== "bpmn" });
      void queries.invalidateQueries({ queryKey: ["project", place.projectId, "changes"] });
    },
    onError: async (error) => {
      if (error instanceof Refusal && error.status === 412) setTheirs(await askOnce(known));
    },
  });
  const save = useCallback(
    (over: string) =>
      saving.mutateAsync(over).then(
        () => true,
        () => false,
      ),
    [saving],
  );
  const clash = saving.error instanceof Refusal && saving.error.status === 412;
  return {
    save: () => save(etag),
    busy: saving.isPending,
    error: clash ? undefined : saving.error,
    theirs,
    keepMine: () => save(theirs?.etag ?? etag),
    takeTheirs: async () => {
      if (!theirs) return;
      await acts.load(theirs.value, false);
      begin(theirs.etag);
      setTheirs(undefined);
      dropDraft(place, id);
    },
    later: () => setTheirs(undefined),
    etag,
    begin,
  };
}

/** Keeps a copy of what is not saved, a moment after each change; what is given back is for who wants none of it. */
export function useCrashCopy(wanted: { place: Place; id: string; designer: Designer | undefined; acts: Acts; etag: string }): () => void {
  const { place, id, designer, acts, etag } = wanted;
  const { projectId, branch } = place;
  const revision = designer?.revision;
  const dirty = designer?.dirty ?? false;
  const kept = useRef(false);
  const unwanted = useRef(false);
  useEffect(() => {
    const where = { projectId, branch };
    if (revision === undefined) return undefined;
    if (!dirty) {
      // undone until nothing is left to save; what an earlier visit left is not ours to drop
      if (kept.current) dropDraft(where, id);
      kept.current = false;
      return undefined;
    }
    let late = false;
    unwanted.current = false;
    const timer = setTimeout(async () => {
      const xml = await acts.xml();
      if (late || unwanted.current) return;
      keepDraft(where, id, { xml, etag, at: new Date().toISOString() });
      kept.current = true;
    }, 500);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [projectId, branch, id, revision, dirty, acts, etag]);
  return () => {
    unwanted.current = true;
    dropDraft({ projectId, branch }, id);
  };
}
