import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Found, POLL } from "./live";
import { Reach } from "./reach";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watching() {
  const said: string[] = [];
  const server: { found: Found; asked: number } = { found: "well", asked: 0 };
  const ask = () => {
    server.asked += 1;
    return Promise.resolve(server.found);
  };
  const reach = new Reach({ away: (away) => said.push(away ? "away" : "here"), back: () => said.push("back"), ask });
  reach.start();
  return { reach, said, server };
}

test("a server that goes and comes is told once each, and then everything is read again", async () => {
  const { said, server } = watching();
  await vi.advanceTimersByTimeAsync(POLL);
  expect(said).toEqual([]);
  server.found = "away";
  await vi.advanceTimersByTimeAsync(2 * POLL);
  expect(said).toEqual(["away"]);
  server.found = "well";
  await vi.advanceTimersByTimeAsync(2 * POLL);
  expect(said).toEqual(["away", "here", "back"]);
});

test("nobody is asked once it was stopped, or the session is over", async () => {
  const { reach, server } = watching();
  reach.stop();
  await vi.advanceTimersByTimeAsync(3 * POLL);
  expect(server.asked).toBe(0);
  reach.start();
  server.found = "signed-out";
  await vi.advanceTimersByTimeAsync(3 * POLL);
  expect(server.asked).toBe(1);
});
