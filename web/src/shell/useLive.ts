import type { Query } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { overcome } from "../api/hindrance";
import { Live, NOUNS } from "../api/live";
import { ask, Reach } from "../api/reach";
import { onSignedIn } from "../api/session";
import { askAgain, isLong, queries } from "../queries";

/** Of news that come faster, a list is read again this often. */
const AT_MOST_EACH = 1_000;
/** Requests are counted by the gateways, and the counts stored every two seconds: later than an instance is news. */
const COUNTS = 2_500;
const COUNTED = new Set(["instances", "failed-triggers"]);

/** What is kept up while the tab is seen. */
interface Kept {
  start: () => void;
  stop: () => void;
}

/** Keeps what is shown of the project as it is on the server. Whether the server is away. */
export function useLive(projectId: string): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    const reader = new Reader(projectId);
    let gone = false;
    const found = (away: boolean) => {
      if (gone && !away) overcome("connection");
      gone = away;
      setAway(away);
    };
    const live: Kept =
      projectId === ""
        ? new Reach({ away: found, back: allAgain, ask })
        : new Live(projectId, { news: (kind) => reader.add(kind), away: found, ask });
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

/** Everything may have changed. */
function allAgain(): void {
  askAgain();
  void queries.invalidateQueries({}, { cancelRefetch: false });
}

/** Reads again what news have made old, not more often than makes sense. */
class Reader {
  private readonly nouns = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private counts: ReturnType<typeof setTimeout> | undefined;
  private lastTime = 0;

  constructor(private readonly projectId: string) {}

  add(kind: string | undefined): void {
    for (const noun of kind === undefined ? ["*"] : (NOUNS[kind] ?? [])) this.nouns.add(noun);
    if (kind !== undefined && COUNTED.has(kind)) {
      this.counts ??= setTimeout(() => {
        this.counts = undefined;
        this.add("triggers");
      }, COUNTS);
    }
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.lastTime + AT_MOST_EACH - Date.now());
    this.timer = setTimeout(() => this.read(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.counts);
  }

  private read(): void {
    this.timer = undefined;
    this.lastTime = Date.now();
    const old = (query: Query) => query.queryKey[1] === this.projectId && (this.nouns.has("*") || this.nouns.has(String(query.queryKey[2])));
    const predicate = (query: Query) => query.queryKey[0] === "project" && old(query) && !isLong(query);
    // the server answers: nothing waits for a later try
    askAgain();
    void queries.invalidateQueries({ predicate }, { cancelRefetch: false });
    this.nouns.clear();
  }
}
