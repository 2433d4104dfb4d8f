// What was drawn and not saved, kept in this tab in case it crashes or is loaded anew.

/** A copy of what was not saved. */
export interface Draft {
  xml: string;
  /** The version that it was drawn over. */
  etag: string;
  at: string;
}

const key = (place: { projectId: string; branch: string }, id: string) => `forebay.draft.${place.projectId}.${place.branch}.${id}`;

/** The copy of an earlier visit. */
export function readDraft(place: { projectId: string; branch: string }, id: string, storage: Storage = sessionStorage): Draft | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(key(place, id)) ?? "null");
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a copy; a full or forbidden store loses only the copy. */
export function keepDraft(place: { projectId: string; branch: string }, id: string, draft: Draft, storage: Storage = sessionStorage): void {
  try {
    storage.setItem(key(place, id), JSON.stringify(draft));
  } catch {
    storage.removeItem(key(place, id));
  }
}

/** It was saved, or is wanted no more. */
export function dropDraft(place: { projectId: string; branch: string }, id: string, storage: Storage = sessionStorage): void {
  storage.removeItem(key(place, id));
}

function isDraft(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && "xml" in value && typeof value.xml === "string" && "etag" in value && typeof value.etag === "string" && "at" in value;
}
