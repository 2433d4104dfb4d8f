// A project in which there is one of everything that has a page, a dialog or a menu, and an administrator to look at it.
import type { Browser } from "playwright-core";
import { inject } from "vitest";
import type { Person, Window } from "./chromium";
import { type Made, commit, dataSource, post, project, scripted, until, webhook } from "./maker";
import { type Account, account, administratorAccount, give, signedIn } from "./people";

/** What there is, by its id. */
export interface Stage {
  made: Made;
  /** The project's. */
  name: string;
  ada: Account;
  linus: Account;
  orders: string;
  process: string;
  failed: string;
  instance: string;
  waiting: string;
  event: string;
  commit: string;
}

const FAILING = "if (webhookData.payload.amount < 0) throw new Error('a refund is no order');";

/** Makes it: two webhooks, a process that fails for refunds, two commits, a second branch, a member, tokens. */
export async function stage(name: string): Promise<Stage> {
  const called = `${name} ${crypto.randomUUID().slice(0, 8)}`;
  const made = await project(inject("base"), inject("token"), called);
  const ada = await administratorAccount("Ada Lovelace");
  const linus = await account("Linus Torvalds");
  await give(made.projectId, linus.email, "editor");
  const orders = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", orders, FAILING);
  await commit(made, "Orders start a process");
  const hook = await webhook(made, orders);
  for (const amount of [20, 250.1, -5]) await post(hook.url, `{"orderId":"ORD-${amount}","amount":${amount},"reference":12345678901234567890123}`);
  await fetch(hook.url, { method: "POST", headers: { "content-type": "application/json" }, body: '{"half"' });
  const list = async <T>(path: string) => (await made.call<{ items: T[] }>("GET", path)).items;
  const failed = await until("what failed", async () => (await list<{ id: string; stage: string }>("/failed-triggers")).find((one) => one.stage === "start"));
  await until("what was refused", async () => (await list("/failed-triggers")).length === 2);
  const runs = await list<{ id: string; eventId: string; status: string }>("/process-instances");
  const done = runs.find((one) => one.status === "completed")!;
  const waiting = runs.find((one) => one.status === "incident")!;
  await made.call("POST", "/branches", { name: "refunds", fromBranch: "main" });
  await dataSource(made, "invoices");
  const [first] = await list<{ id: string }>("/branches/main/commits");
  return { made, name: called, ada, linus, orders, process, failed: failed.id, instance: done.id, waiting: waiting.id, event: done.eventId, commit: first!.id };
}

/** A window of that administrator, with a token and another session beside it. */
export async function onStage(browser: Browser, { ada }: Stage, window: Window = {}): Promise<Person> {
  const person = await signedIn(browser, ada, window);
  const { request } = person.context;
  const made = await request.post("/api/v1/tokens", { headers: { "sec-fetch-site": "same-origin", origin: inject("base") }, data: { name: "pipeline", scopes: ["project:read"], projectId: null, expiresAt: null } });
  if (!made.ok()) throw new Error(await made.text());
  return person;
}
