import { useEffect, useState } from "react";
import { type CheckProblem, checkDraft } from "../api/processes";
import type { Place } from "../shell/place";
import type { Acts, Designer } from "./useDesigner";

/** How long nothing has to change before the server is asked. */
const PAUSE = 400;

/** What the server says of what is drawn now. */
export interface Checked {
  problems: CheckProblem[];
  /** The answer is of what is drawn now. */
  fresh: boolean;
  error?: unknown;
}

/** Checks the draft a moment after each change; the answer before stays until the next is there. */
export function useCheck(place: Place, id: string, designer: Designer | undefined, acts: Acts): Checked {
  const [checked, setChecked] = useState<Checked>({ problems: [], fresh: false });
  const revision = designer?.revision;
  const { projectId, branch } = place;
  useEffect(() => {
    if (revision === undefined) return undefined;
    const abort = new AbortController();
    setChecked((before) => (before.fresh ? { ...before, fresh: false } : before));
    const timer = setTimeout(async () => {
      try {
        const found = await checkDraft({ projectId, branch }, id, await acts.xml(), abort.signal);
        if (!abort.signal.aborted) setChecked({ problems: found.problems, fresh: true });
      } catch (error) {
        if (!abort.signal.aborted) setChecked((before) => ({ problems: before.problems, fresh: false, error }));
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [projectId, branch, id, revision, acts]);
  return checked;
}
