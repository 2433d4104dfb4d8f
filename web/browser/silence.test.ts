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
let process: string;
let instance: string;
beforeAll(async () => {
  browser = await start();
  made = await newProject("Silence");
  const source = await dataSource(made, "orders");
  process = await scripted(made, "order-intake", source, "1");
  await commit(made);
  const { url } = await webhook(made, source);
  await many(ROWS, 16, () => post(url, "{}"));
  await until("the instances", async () => (await made.call<{ completed: number }>("GET", "/process-instances/counts")).completed === ROWS);
  const { items } = await made.call<{ items: { id: string }[] }>("GET", "/process-instances?limit=1");
  instance = items[0]?.id ?? "";
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

const waits = (page: Page) => page.getByRole("status").filter({ hasText: "The server does not answer. This goes on by itself" });

/** The API of this window is away from now on, though its pages come; the end of it. */
async function away(page: Page, how: "silence" | "no word"): Promise<() => void> {
  let gone = true;
  await page.route(/\/api\/v1\//, (route) => {
    if (!gone) return route.fallback();
    return how === "silence" ? route.abort() : undefined;
  });
  return () => {
    gone = false;
  };
}

test.each([
  ["Process Instances", () => `/projects/${made.projectId}/instances`, "tbody a"],
  ["an instance", () => `/projects/${made.projectId}/instances/${instance}`, "tbody tr[data-index]"],
  ["Data Sources", () => `/projects/${made.projectId}/branches/main/data-sources`, "tbody a"],
  ["the designer", () => `/projects/${made.projectId}/branches/main/processes/${process}`, ".djs-container"],
  ["Users", () => "/users", "tbody tr[data-index]"],
])("%s, gone to while the server is away, says so in words and comes by itself", async (_, path, shown) => {
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/members`);
  await titled(page, "Members");
  const back = await away(page, "silence");
  await page.evaluate((path) => {
    history.pushState({}, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path());
  await waits(page).first().waitFor({ timeout: 6_000 });
  await waits(page).first().getByRole("button", { name: "Try again" }).click();
  await waits(page).first().waitFor();
  await accessibleInBoth(page, path());
  back();
  await page.locator(shown).first().waitFor({ timeout: 12_000 });
  await expect.poll(() => waits(page).count()).toBe(0);
  await person.context.close();
});

test("a page that is opened while the server is away is no empty one, and comes when somebody asks again", async () => {
  const person = await administrator(browser, { width: 360, height: 740 });
  const { page } = person;
  const back = await away(page, "silence");
  await page.goto(`/projects/${made.projectId}/instances`);
  await waits(page).waitFor({ timeout: 6_000 });
  await accessibleInBoth(page, "nothing but silence");
  expect(await overflows(page)).toBe(false);
  back();
  await waits(page).getByRole("button", { name: "Try again" }).click();
  await page.locator("tbody a").first().waitFor({ timeout: 4_000 });
  await person.context.close();
});

test("a server that takes a request and says no word is told of too", async () => {
  const person = await administrator(browser);
  const { page } = person;
  const back = await away(page, "no word");
  await page.goto("/projects");
  const told = page.getByRole("status").filter({ hasText: "The server has not answered yet." });
  await told.waitFor({ timeout: 12_000 });
  back();
  await told.getByRole("button", { name: "Try again" }).click();
  await page.locator("tbody a").first().waitFor({ timeout: 4_000 });
  await person.context.close();
});
