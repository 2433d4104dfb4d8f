// Starts the real binary on a free port and a data folder of its own, and ends it by its process id. One is for all
// tests; a test that stops its server has one of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    base: string;
    token: string;
  }
}

/** The administrator's token in these tests. */
export const TOKEN = "browser-tests-token-0123456789abcdef";

/** The binary that `.ci/suites` has built, or the one that the environment names. */
function binary(): string {
  const target = process.env["CARGO_TARGET_DIR"] ?? resolve("..", "target");
  const path = process.env["FOREBAY_BINARY"] ?? join(target, "release", "forebay");
  if (!existsSync(path)) throw new Error(`${path} is not there: build it, or name one in FOREBAY_BINARY`);
  return path;
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not in time`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

/** A server of a test's own, or the one of all. */
export interface Server {
  base: string;
  stop: () => Promise<void>;
}

/** Starts one on a data folder; with `address` it can be found again where it was before. */
export async function launch(data: string, address = "127.0.0.1:0"): Promise<Server> {
  const server = spawn(binary(), ["up", "--listen", address, "--data", data], {
    env: { ...process.env, FOREBAY_ADMIN_TOKEN: TOKEN, FAILPOINTS: "" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    return { base: await ready(server, join(data, "address")), stop: () => end(server) };
  } catch (error) {
    await end(server);
    throw error;
  }
}

/** A folder for a server's data, and the end of it. */
export function folder(): { data: string; remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), "forebay-browser-"));
  return { data: join(home, "data"), remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Starts it for all tests; returns the end of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { data, remove } = folder();
  const server = await launch(data);
  project.provide("base", server.base);
  project.provide("token", TOKEN);
  return async () => {
    await server.stop();
    remove();
  };
}

/** Where it listens, once it says that it is ready. */
async function ready(server: ChildProcess, address: string): Promise<string> {
  const base = await until("the server's address", () => {
    if (server.exitCode !== null) throw new Error(`the server ended at start: ${server.exitCode}`);
    return existsSync(address) ? readFileSync(address, "utf8").trim() || undefined : undefined;
  });
  await until("readiness", async () => ((await fetch(`${base}/readyz`).catch(() => undefined))?.ok ? true : undefined));
  return base;
}

function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return Promise.resolve();
  return new Promise((ended) => {
    server.once("exit", () => ended());
    server.kill("SIGTERM");
    setTimeout(() => server.kill("SIGKILL"), 15_000).unref();
  });
}
