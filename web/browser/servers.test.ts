// The running servers. Here one process is all of them; two gateways and more are tested where a cluster runs.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { administrator, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("one process tells of itself, and of what waits", async () => {
  const person = await administrator(browser);
  const { page } = person;
  await page.goto("/projects");
  await page.getByRole("link", { name: "Servers" }).click();
  await titled(page, "Servers");
  const row = page.getByRole("table", { name: "Servers" }).getByRole("row").nth(1);
  await row.getByText("gateway, runner, console").waitFor();
  await row.getByText("Running", { exact: true }).waitFor();
  await page.getByText("1 of 1 gateway").waitFor();
  await page.getByText("Events waiting to start").waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await row.getByText("Running", { exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
  person.calm();
  await person.context.close();
});
