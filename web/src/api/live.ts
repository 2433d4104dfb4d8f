/** What is told of a project as it happens, and how the connection for that is kept up. */

/** The kinds of news, and which nouns of query keys (["project", id, noun, …]) each makes old. */
export const NOUNS: Record<string, string[]> = {
  instances: ["instances", "events", "incidents", "variables", "triggers"],
  "failed-triggers": ["failed-triggers", "events", "triggers"],
  triggers: ["triggers", "data-sources", "policy"],
  commits: ["commits", "branches", "changes", "triggers", "policy", "data-sources"],
  drafts: ["changes", "data-sources", "process-definitions", "branches"],
  policy: ["policy", "triggers", "commits"],
  operations: ["operations"],
};

/** While there is no connection the pages look this often. */
export const POLL = 5_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** How long to wait before connecting again: twice as long each time, not all browsers at the same moment. */
export function waitBefore(attempt: number, random: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + random / 2);
}

/** How the server is found when it is asked beside the stream. */
export type Found = "well" | "away" | "signed-out";

/** Who is told. */
export interface Told {
  /** Something of this kind changed; `undefined`: anything may have. */
  news: (kind: string | undefined) => void;
  away: (away: boolean) => void;
  ask: () => Promise<Found>;
}

/** As much of the browser's EventSource as is used, so that a test can be one. */
export interface Source {
  addEventListener: (name: string, hear: (event: MessageEvent<string>) => void) => void;
  close: () => void;
}

/** One project's news, from `start` to `stop`. */
export class Live {
  private source: Source | undefined;
  private last = "";
  private attempt = 0;
  private running = false;
  /** The server was away: what was asked for meanwhile was not answered. */
  private wasAway = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly projectId: string,
    private readonly told: Told,
    private readonly open: (address: string) => Source = (address) => new EventSource(address),
  ) {}

  /** Connects, at once if it was waiting. */
  start(): void {
    this.running = true;
    clearTimeout(this.again);
    if (!this.source) this.connect();
  }

  /** Ends it; a later `start` hears what changed meanwhile. */
  stop(): void {
    this.running = false;
    clearTimeout(this.again);
    this.rest();
    this.hangUp();
  }

  private connect(): void {
    const after = this.last === "" ? "" : `?lastEventId=${encodeURIComponent(this.last)}`;
    const source = this.open(`/api/v1/projects/${encodeURIComponent(this.projectId)}/stream${after}`);
    this.source = source;
    const own = (hear: (event: MessageEvent<string>) => void) => (event: MessageEvent<string>) => {
      // a source that was closed may still have something in its queue
      if (this.source === source) hear(event);
    };
    source.addEventListener("ready", own((event) => this.ready(event.lastEventId)));
    source.addEventListener("end", own(() => this.lost()));
    source.addEventListener("error", own(() => this.lost()));
    for (const kind of Object.keys(NOUNS)) {
      source.addEventListener(kind, own((event) => {
        this.last = event.lastEventId;
        this.told.news(kind);
      }));
    }
  }

  private ready(id: string): void {
    // what was read before the first word may be old, and what was asked for in vain is not there; else later words
    // begin where the last ones ended
    if (this.last === "" || this.wasAway) this.told.news(undefined);
    this.wasAway = false;
    this.last = id;
    this.attempt = 0;
    this.rest();
    this.told.away(false);
  }

  private lost(): void {
    this.hangUp();
    if (!this.running) return;
    this.again = setTimeout(() => this.connect(), waitBefore(this.attempt, Math.random()));
    this.attempt += 1;
    if (this.polling === undefined) {
      this.polling = setInterval(() => void this.look(), POLL);
      void this.look();
    }
  }

  private async look(): Promise<void> {
    const found = await this.told.ask();
    if (!this.running || this.polling === undefined) return;
    this.told.away(found === "away");
    if (found === "away") this.wasAway = true;
    if (found === "well") {
      this.wasAway = false;
      this.told.news(undefined);
    }
    // only a person can sign in; `start` is called when they did
    if (found === "signed-out") this.stop();
  }

  private rest(): void {
    clearInterval(this.polling);
    this.polling = undefined;
  }

  private hangUp(): void {
    this.source?.close();
    this.source = undefined;
  }
}
