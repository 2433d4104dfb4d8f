import { useMutation } from "@tanstack/react-query";
import { Refusal } from "../../api/refusal";
import { workChanged } from "../../api/versions";
import type { Place } from "../../shell/place";

/**
 * An act on many resources of the work in progress. It is done on what the person has seen: `etag` is the branch's as
 * it was read with it. Where that is old (412) everything is read again and the person repeats.
 */
export function useWork(place: Place, act: (etag: string) => Promise<unknown>, done: () => void) {
  return useMutation({
    mutationFn: (etag: string) => act(etag),
    onSuccess: () => {
      workChanged(place.projectId);
      done();
    },
    onError: (error) => {
      if (stale(error)) workChanged(place.projectId);
    },
  });
}

/** Somebody changed the work in progress meanwhile. */
export function stale(error: unknown): boolean {
  return error instanceof Refusal && error.status === 412;
}
