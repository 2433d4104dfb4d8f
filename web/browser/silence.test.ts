// Nothing answers for a while: what is read goes on by itself when it is back, and until then the page says what it waits for.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Window, start } from "./chromium";
import { type Made, commit, dataSource, post, scripted, until, webhook } from "./maker";
import { overflows } from "./people";
import { administrator, accessibleInBoth, many, newProject, titled } from "./runtime";

/** Several pages of a list. */
const ROWS = 450;

let browser: Browser;
let made: Made;
beforeAll(async () => {
  browser = await start();
  made = await newProject("Silence");
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, "1");
  await commit(made);
  const { url } = await webhook(made, source);
  await many(ROWS, 16, () => post(url, "{}"));
  await until("the instances", async () => (await made.call<{ completed: number }>("GET", "/process-instances/counts")).completed === ROWS);
});
afterAll(() => browser.close());

/** The index of the last row in the page, after a scroll to the end of what was read. */
async function down(page: Page): Promise<number> {
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  return Number((await page.locator("tbody tr[data-index]").last().getAttribute("data-index")) ?? 0);
}

/** Requests for further pages of the list fail from now on; how many did, and the end of it. */
async function noMore(page: Page, fail: "silence" | number) {
  let count = 0;
  const further = /\/process-instances\?.*cursor=/;
  await page.route(further, (route) => {
    count += 1;
    return fail === "silence" ? route.abort() : route.fulfill({ status: fail, contentType: "text/plain", body: "no" });
  });
  return { count: () => count, end: () => page.unroute(further) };
}

/** The page of the list, at the end of the first page of it, with no further one to come. */
async function stuck(fail: "silence" | number, window: Window = {}) {
  const person = await administrator(browser, window);
  const { page } = person;
  const lost = await noMore(page, fail);
  await page.goto(`/projects/${made.projectId}/instances`);
  await titled(page, "Process Instances");
  await expect.poll(() => down(page)).toBe(99);
  return { person, page, lost };
}

const told = (page: Page) => page.getByRole("status").filter({ hasText: "More rows could not be loaded." });

test.each(["silence", 503] as const)("a long list whose next page does not come (%s) asks again by itself, says so, and goes on", async (fail) => {
  const { person, page, lost } = await stuck(fail, { width: 360, height: 740 });
  await told(page).waitFor();
  await accessibleInBoth(page, "a list whose next page does not come");
  expect(await overflows(page)).toBe(false);
  // more often than anything is tried that is given up
  await expect.poll(lost.count, { timeout: 30_000 }).toBeGreaterThan(4);
  await lost.end();
  await expect.poll(() => down(page), { timeout: 30_000 }).toBe(ROWS - 1);
  expect(await told(page).count()).toBe(0);
  await person.context.close();
});

test("the next page is asked for at once when somebody wants it, or the browser has a network again", async () => {
  for (const now of ["the button", "the network"]) {
    const { person, page, lost } = await stuck("silence");
    // the next try would come two to four seconds later, or more
    await expect.poll(lost.count, { timeout: 20_000 }).toBeGreaterThan(3);
    await lost.end();
    if (now === "the button") {
      await told(page).getByRole("button", { name: "Try again now" }).click();
    } else {
      await page.context().setOffline(true);
      await page.context().setOffline(false);
    }
    await expect.poll(() => down(page), { timeout: 1_800 }).toBeGreaterThan(99);
    await person.context.close();
  }
});

test("a refusal of the next page is told and not repeated; a person goes on, without reading all anew", async () => {
  const { person, page, lost } = await stuck(403);
  const alert = page.getByRole("alert").filter({ hasText: "The server answered 403" });
  await alert.waitFor();
  await page.waitForTimeout(2_500);
  expect(lost.count()).toBe(1);
  await lost.end();
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => down(page), { timeout: 20_000 }).toBe(ROWS - 1);
  await person.context.close();
});
