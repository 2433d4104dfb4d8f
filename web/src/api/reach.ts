import { api } from "./client";
import { type Found, POLL } from "./live";
import { Refusal } from "./refusal";
import { announceSignedOut } from "./session";

/** A server that takes longer to say who is signed in is as good as none. */
const PATIENCE = 4_000;

/** Whether the server answers, and still knows the person. */
export async function ask(): Promise<Found> {
  try {
    await api.GET("/api/v1/me", { signal: AbortSignal.timeout(PATIENCE) });
    return "well";
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) return "away";
    if (error.status !== 401) return "well";
    announceSignedOut();
    return "signed-out";
  }
}

/** Who is told. */
export interface Watched {
  away: (away: boolean) => void;
  /** It was away and answers again. */
  back: () => void;
  ask: () => Promise<Found>;
}

/** Where no project is open nothing is told by the server: it is asked now and then whether it is there. */
export class Reach {
  private timer: ReturnType<typeof setInterval> | undefined;
  private wasAway = false;

  constructor(private readonly told: Watched) {}

  /** Asks from now on, at once where it was away. */
  start(): void {
    this.stop();
    this.timer = setInterval(() => void this.look(), POLL);
    if (this.wasAway) void this.look();
  }

  /** Asks no more. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    const found = await this.told.ask();
    if (this.timer === undefined) return;
    // only a person can sign in; `start` is called when they did
    if (found === "signed-out") this.stop();
    const away = found === "away";
    if (away === this.wasAway) return;
    this.wasAway = away;
    this.told.away(away);
    if (!away) this.told.back();
  }
}
