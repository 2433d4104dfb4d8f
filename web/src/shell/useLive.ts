import type { Query } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../api/client";
import { type Found, Live, NOUNS } from "../api/live";
import { Refusal } from "../api/refusal";
import { announceSignedOut, onSignedIn } from "../api/session";
import { queries } from "../queries";

/** Of news that come faster, a list is read again this often. */
const AT_MOST_EACH = 1_000;
/** A list that was scrolled so far is not read again as a whole: it grows old until the person comes back to it. */
const LONG = 3;

/** Keeps what is shown of the project as it is on the server. Whether the server is away. */
export function useLive(projectId: string): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (projectId === "") return undefined;
    const reader = new Reader(projectId);
    const live = new Live(projectId, { news: (kind) => reader.add(kind), away: setAway, ask });
    // a browser has six connections for all tabs of a plain http server: only tabs that are seen take one
    const seen = () => (document.visibilityState === "visible" ? live.start() : live.stop());
    seen();
    document.addEventListener("visibilitychange", seen);
    const forget = onSignedIn(seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      forget();
      live.stop();
      reader.stop();
      setAway(false);
    };
  }, [projectId]);
  return away;
}

/** Reads again what news have made old, not more often than makes sense. */
class Reader {
  private readonly nouns = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastTime = 0;

  constructor(private readonly projectId: string) {}

  add(kind: string | undefined): void {
    for (const noun of kind === undefined ? ["*"] : (NOUNS[kind] ?? [])) this.nouns.add(noun);
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.lastTime + AT_MOST_EACH - Date.now());
    this.timer = setTimeout(() => this.read(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private read(): void {
    this.timer = undefined;
    this.lastTime = Date.now();
    const old = (query: Query) => query.queryKey[1] === this.projectId && (this.nouns.has("*") || this.nouns.has(String(query.queryKey[2])));
    const predicate = (query: Query) => query.queryKey[0] === "project" && old(query) && !isLong(query.state.data);
    void queries.invalidateQueries({ predicate }, { cancelRefetch: false });
    this.nouns.clear();
  }
}

function isLong(data: unknown): boolean {
  return typeof data === "object" && data !== null && "pages" in data && Array.isArray(data.pages) && data.pages.length > LONG;
}

/** Why there is no stream: an EventSource does not say. */
async function ask(): Promise<Found> {
  try {
    await api.GET("/api/v1/me");
    return "well";
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) return "away";
    if (error.status !== 401) return "well";
    announceSignedOut();
    return "signed-out";
  }
}
