// Rows that somebody works on stay under the pointer, whatever is told meanwhile.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { accessibleInBoth, administrator, choose } from "./runtime";
import { overflows } from "./people";
import { type Stage, stage } from "./stage";
import { post, until, webhook } from "./maker";

let browser: Browser;
let all: Stage;
beforeAll(async () => {
  browser = await start();
  all = await stage("Steady");
  const { url } = await webhook(all.made, all.orders);
  for (const amount of [-1, -2, -3]) await post(url, `{"amount":${amount}}`);
  await until("the incidents", async () => (await all.made.call<{ items: unknown[] }>("GET", "/incidents")).items.length === 4);
});
afterAll(() => browser.close());

/** Nothing that the act leads to moves the first row. */
async function stays(page: Page, what: string, act: () => Promise<unknown>): Promise<void> {
  const top = () => page.locator('tbody tr[data-index="0"]').evaluate((row) => row.getBoundingClientRect().top + window.scrollY);
  const before = await top();
  await act();
  await page.waitForTimeout(300); // what comes in slowly, too
  expect([what, await top()]).toEqual([what, before]);
  expect(await overflows(page)).toBe(false);
}

const at = (path: string) => `/projects/${all.made.projectId}${path}`;
const first = (page: Page) => page.getByRole("checkbox", { name: /^Choose the/ }).first();

test.each([1280, 360])("no row moves when something is told, at %i pixels", { timeout: 120_000 }, async (width) => {
  const person = await administrator(browser, { width, height: 740, still: true });
  const { page } = person;
  await page.goto(at("/failed-triggers"));
  await first(page).waitFor();
  await accessibleInBoth(page, "failed triggers, none chosen");
  await stays(page, "a failed trigger is chosen", () => first(page).check());
  await stays(page, "a retry that fails", async () => {
    await page.getByRole("button", { name: /^Actions of the failed trigger/ }).first().click();
    await page.getByRole("menuitem", { name: "Retry" }).click();
    await page.locator(".mantine-Alert-root").first().waitFor();
    expect(await page.locator(".mantine-Alert-root").first().evaluate((told) => told.getBoundingClientRect().bottom <= window.innerHeight)).toBe(true);
  });
  await accessibleInBoth(page, "a retry that failed");
  await stays(page, "work on many", async () => {
    await page.getByRole("region", { name: "Chosen rows" }).getByRole("button", { name: "Retry" }).click();
    await page.getByRole("region", { name: "Operations" }).getByText(/^done/).waitFor();
  });

  await page.goto(at("/instances?view=incidents"));
  await first(page).waitFor();
  await stays(page, "an incident is chosen", () => first(page).check());
  await stays(page, "work on many incidents", async () => {
    await page.getByRole("button", { name: "Retry 1", exact: true }).click();
    await page.getByRole("region", { name: "Operations" }).getByText(/^done/).waitFor();
  });

  await page.goto(at("/triggers"));
  await page.getByRole("row", { name: /orders/ }).waitFor();
  await choose(page, "orders", "Deactivate");
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await page.getByText("Deactivated", { exact: true }).first().waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.route(/\/activate$/, (route) => route.fulfill({ status: 500, contentType: "text/plain", body: "no" }));
  await stays(page, "an activation that is refused", async () => {
    await choose(page, "orders", "Activate");
    await page.getByRole("alert").filter({ hasText: "The server answered 500" }).waitFor();
  });
  await page.unroute(/\/activate$/);
  await stays(page, "an activation", async () => {
    await choose(page, "orders", "Activate");
    await page.getByText("accepts requests now").waitFor();
  });
  await person.context.close();
});
