// A picture of each page, light, dark and narrow, in web/screenshots: `make screenshots`, then open them and look.
import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, inject, test } from "vitest";
import { start } from "./chromium";
import { commit, dataSource, post, scripted, until, webhook } from "./maker";
import { administrator, newProject } from "./runtime";

const FOLDER = "screenshots";

let browser: Browser;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await start();
});
afterAll(() => browser.close());

/** A project in which something ran, something failed and something waits to be committed; its pages. */
async function pages(): Promise<[name: string, path: string][]> {
  const made = await newProject("Pictures");
  const orders = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", orders, "if (webhookData.payload.amount < 0) throw new Error('a refund is no order');");
  await commit(made, "Orders start a process");
  const hook = await webhook(made, orders);
  for (const amount of [20, 250.1, -5]) await post(hook.url, `{"orderId":"ORD-${amount}","amount":${amount},"reference":12345678901234567890123}`);
  await fetch(hook.url, { method: "POST", headers: { "content-type": "application/json" }, body: '{"half"' });
  const list = <T>(path: string) => made.call<{ items: T[] }>("GET", path);
  const failed = await until("what failed", async () => (await list<{ id: string }>("/failed-triggers")).items.at(1) && (await list<{ id: string; stage: string }>("/failed-triggers")).items.find((one) => one.stage === "start"));
  const instance = (await list<{ id: string; eventId: string }>("/process-instances")).items[0]!;
  const invoices = await dataSource(made, "invoices");
  const main = "/branches/main";
  const below: [string, string][] = [
    ["triggers", "/triggers"], ["failed-triggers", "/failed-triggers"], ["failed-trigger", `/failed-triggers/${failed.id}`],
    ["instances", "/instances"], ["instance", `/instances/${instance.id}`], ["events", "/events"], ["event", `/events/${instance.eventId}`],
    ["policy", "/policy"], ["members", "/members"], ["audit", "/audit"], ["processes", `${main}/processes`], ["designer", `${main}/processes/${process}`],
    ["data-sources", `${main}/data-sources`], ["data-source", `${main}/data-sources/${invoices}`], ["versions", `${main}/versions`],
  ];
  return [["projects", "/projects"], ["account", "/account"], ["users", "/users"], ["servers", "/servers"], ...below.map(([name, path]): [string, string] => [name, `/projects/${made.projectId}${path}`])];
}

test("each page", { timeout: 600_000 }, async () => {
  const all = await pages();
  for (const [scheme, width, height] of [["light", 1280, 800], ["dark", 1280, 800], ["light", 360, 740]] as const) {
    const person = await administrator(browser, { scheme, width, height });
    for (const [name, path] of all) {
      await person.page.goto(inject("base") + path);
      await person.page.getByRole("heading", { level: 1 }).waitFor();
      await person.page.waitForLoadState("networkidle", { timeout: 1_000 }).catch(() => undefined); // a stream of news never ends
      await person.page.waitForTimeout(700); // what fades in
      await person.page.screenshot({ path: `${FOLDER}/${name}-${scheme}-${width}.png` });
    }
    await person.context.close();
  }
});
