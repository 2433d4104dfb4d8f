import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Found, Live, POLL, type Source, waitBefore } from "./live";

class Pretend implements Source {
  private readonly hears = new Map<string, (event: MessageEvent<string>) => void>();
  closed = false;
  constructor(readonly address: string) {}
  addEventListener(name: string, hear: (event: MessageEvent<string>) => void): void {
    this.hears.set(name, hear);
  }
  close(): void {
    this.closed = true;
  }
  say(name: string, lastEventId = ""): void {
    this.hears.get(name)?.({ lastEventId } as MessageEvent<string>);
  }
}

function listening(found: Found = "well") {
  const sources: Pretend[] = [];
  const heard: (string | undefined)[] = [];
  const away: boolean[] = [];
  const told = { news: (kind: string | undefined) => heard.push(kind), away: (is: boolean) => away.push(is), ask: () => Promise.resolve(found) };
  const live = new Live("p", told, (address) => {
    const source = new Pretend(address);
    sources.push(source);
    return source;
  });
  live.start();
  return { live, sources, heard, away };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("news is told by kind, and the first word makes everything old", () => {
  const { sources, heard } = listening();
  sources[0]?.say("ready", "1");
  sources[0]?.say("triggers", "2");
  expect(heard).toEqual([undefined, "triggers"]);
});

test("a lost connection comes back with the last id, waiting longer each time", async () => {
  const { sources, heard } = listening();
  sources[0]?.say("ready", "1");
  sources[0]?.say("instances", "2");
  sources[0]?.say("error");
  expect(sources[0]?.closed).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sources[1]?.address).toBe("/api/v1/projects/p/stream?lastEventId=2");
  sources[1]?.say("error");
  await vi.advanceTimersByTimeAsync(1_999);
  expect(sources).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(sources).toHaveLength(3);
  sources[2]?.say("ready", "2");
  // it was resumed: nothing needs to be read again beside what the poll read
  expect(heard).toEqual([undefined, "instances", undefined]);
});

test("it polls while it cannot connect, and not when it can", async () => {
  const { sources, heard } = listening();
  sources[0]?.say("error");
  await vi.advanceTimersByTimeAsync(2 * POLL);
  expect(heard).toEqual([undefined, undefined, undefined]);
  sources.at(-1)?.say("ready", "1");
  const before = heard.length;
  await vi.advanceTimersByTimeAsync(4 * POLL);
  expect(heard.length).toBe(before);
});

test("a server that is away is said, until it is back", async () => {
  const { sources, away, heard } = listening("away");
  sources[0]?.say("error");
  await vi.advanceTimersByTimeAsync(0);
  expect([away, heard]).toEqual([[true], []]);
  await vi.advanceTimersByTimeAsync(1_000);
  sources[1]?.say("ready", "1");
  expect(away.at(-1)).toBe(false);
});

test("without a session it waits for a person", async () => {
  const { sources, live } = listening("signed-out");
  sources[0]?.say("end");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sources).toHaveLength(1);
  live.start();
  expect(sources).toHaveLength(2);
});

test("after the end nothing is heard and nothing is opened", async () => {
  const { sources, live, heard } = listening();
  live.stop();
  sources[0]?.say("triggers", "2");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([heard, sources.length, sources[0]?.closed]).toEqual([[], 1, true]);
});

test("the wait doubles up to half a minute, and is spread", () => {
  expect([0, 1, 2, 10].map((attempt) => waitBefore(attempt, 1))).toEqual([1_000, 2_000, 4_000, 30_000]);
  expect(waitBefore(10, 0)).toBe(15_000);
});
