// What a first visit fetches of JavaScript until the page is shown, and what happens when a part that is fetched later does not come.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Person, start } from "./chromium";
import { encodedSize } from "./pages";
import { overflows } from "./people";
import { administrator, titled } from "./runtime";
import { type Stage, stage } from "./stage";

/** Bytes, as they are sent: brotli. */
const MOST = 200_000;

let browser: Browser;
let all: Stage;
beforeAll(async () => {
  browser = await start();
  all = await stage("First load");
});
afterAll(() => browser.close());

/** Keeps when this was first there, on the page's own clock. */
async function watchFor(page: Page, selector: string): Promise<void> {
  await page.addInitScript((selector) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      performance.mark("shown");
      watch.disconnect();
    });
    watch.observe(document, { childList: true, subtree: true });
  }, selector);
}

/** The scripts that were asked for until then. */
async function scripts(page: Page): Promise<string[]> {
  await page.waitForFunction(() => performance.getEntriesByName("shown").length > 0);
  return page.evaluate(() => {
    const [shown] = performance.getEntriesByName("shown");
    const before = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith(".js") && entry.startTime <= (shown?.startTime ?? 0));
    return before.map((entry) => new URL(entry.name).pathname);
  });
}

const project = (path: string) => () => `/projects/${all.made.projectId}${path}`;

test.each([
  ["the sign-in page", () => "/sign-in", "input[type=password]"],
  ["projects", () => "/projects", "tbody a"],
  ["Manage Triggers", project("/triggers"), "tbody a"],
  ["Failed Triggers", project("/failed-triggers"), "tbody a"],
  ["Process Instances", project("/instances"), "tbody a"],
  ["Versions", project("/branches/main/versions"), "tbody a"],
])("%s: no more than 200,000 bytes of JavaScript until it is shown", async (name, path, selector) => {
  const person = name === "the sign-in page" ? await Person.open(browser) : await administrator(browser);
  await watchFor(person.page, selector);
  await person.page.goto(path());
  const fetched = await scripts(person.page);
  const sizes = await Promise.all(fetched.map((script) => encodedSize(inject("base"), script)));
  const sum = sizes.reduce((sum, size) => sum + size, 0);
  expect(sum).toBeGreaterThan(100_000);
  expect(sum).toBeLessThanOrEqual(MOST);
  person.calm();
  await person.context.close();
});

test("a part that does not come is asked for once more, then told of; what was typed stays", async () => {
  const person = await administrator(browser, { width: 360, height: 740 });
  const { page } = person;
  let asked = 0;
  const late = /\/assets\/over-[^/]+\.js$/;
  await page.route(late, (route) => {
    asked += 1;
    return route.abort();
  });
  await page.goto(project("/instances")());
  await titled(page, "Process Instances");
  await page.getByLabel("Event id").fill("0123");
  await page.getByRole("combobox", { name: "Time" }).click();
  const told = page.getByRole("alert").filter({ hasText: "This part of the console could not be fetched" });
  await told.waitFor();
  expect(asked).toBeGreaterThanOrEqual(2);
  expect(await overflows(page)).toBe(false);
  await page.unroute(late);
  await told.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("option", { name: "From … to …" }).waitFor();
  await told.waitFor({ state: "detached" });
  expect(await page.getByLabel("Event id").inputValue()).toBe("0123");
  await person.context.close();
});
