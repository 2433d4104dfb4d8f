// A picture of each page and of some of what opens, light, dark and narrow, in web/screenshots: `make screenshots`, then
// open them and look.
import { mkdirSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { start } from "./chromium";
import { many } from "./runtime";
import { post, webhook } from "./maker";
import { onStage, stage } from "./stage";
import { type Surface, config, outside, runtime } from "./surfaces";

const FOLDER = "screenshots";

/** Of what opens, these are looked at too. */
const OPENED = new Set([
  "user menu", "palette", "a new project", "a new token", "a trigger's menu", "the URL", "deactivating", "changing variables", "kinds of trigger", "webhooks to select", "what an element can be",
  "trying", "a new webhook", "adding a member", "applying a policy", "a new branch", "a change", "the branch's menu",
]);

let browser: Browser;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await start();
});
afterAll(() => browser.close());

async function take(page: Page, surface: Surface, name: string): Promise<void> {
  await page.goto(surface.path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle", { timeout: 1_000 }).catch(() => undefined); // a stream of news never ends
  await surface.open?.(page);
  await page.waitForTimeout(400); // what fades in
  await page.screenshot({ path: `${FOLDER}/${surface.name.replaceAll(/[^a-z]+/gi, "-")}-${name}.png` });
}

test("each page", { timeout: 900_000 }, async () => {
  const all = await stage("Pictures");
  const { url } = await webhook(all.made, all.orders);
  await many(40, 8, (at) => post(url, `{"orderId":"ORD-${1000 + at}","amount":${at % 9 === 0 ? -1 : 10.5 + at}}`));
  const surfaces = [...outside(all), ...runtime(all), ...config(all)].filter((one) => !one.open || OPENED.has(one.name));
  for (const [scheme, width, height] of [["light", 1280, 800], ["dark", 1280, 800], ["light", 360, 740]] as const) {
    const person = await onStage(browser, all, { scheme, width, height, still: true });
    for (const surface of surfaces) if (width > 900 || !surface.wide) await take(person.page, surface, `${scheme}-${width}`);
    await person.context.close();
  }
});
