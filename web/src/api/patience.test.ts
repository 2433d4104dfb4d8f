import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PATIENCE, patiently } from "./patience";

const URL = "http://localhost/api/v1/me";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A server that accepts and says nothing; what became of the requests. */
function mute(): { ended: unknown[] } {
  const told: { ended: unknown[] } = { ended: [] };
  vi.stubGlobal("fetch", (request: Request, init?: RequestInit) => {
    const signal = init?.signal ?? request.signal;
    return new Promise<Response>((_, refuse) => {
      signal.addEventListener("abort", () => {
        told.ended.push(signal.reason);
        refuse(signal.reason as Error);
      });
    });
  });
  return told;
}

test("a read that nobody answers is given up", async () => {
  mute();
  const failed = expect(patiently(new Request(URL))).rejects.toMatchObject({ name: "TimeoutError" });
  await vi.advanceTimersByTimeAsync(PATIENCE);
  await failed;
});

test("a change is not, and a person who leaves still ends a read", async () => {
  const told = mute();
  void patiently(new Request(URL, { method: "POST" })).catch(() => undefined);
  await vi.advanceTimersByTimeAsync(2 * PATIENCE);
  expect(told.ended).toEqual([]);
  const leaving = new AbortController();
  const left = expect(patiently(new Request(URL, { signal: leaving.signal }))).rejects.toMatchObject({ name: "AbortError" });
  leaving.abort();
  await left;
});

test("an answer that has begun may take as long as it takes", async () => {
  let signal: AbortSignal | null | undefined;
  vi.stubGlobal("fetch", (_: Request, init?: RequestInit) => {
    signal = init?.signal;
    return Promise.resolve(new Response("{}"));
  });
  await patiently(new Request(URL));
  await vi.advanceTimersByTimeAsync(2 * PATIENCE);
  expect(signal?.aborted).toBe(false);
});
