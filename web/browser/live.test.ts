import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { dataSource } from "./maker";
import { PASSWORD, account, asAdministrator, give, signedIn } from "./people";
import { accessibleInBoth, administrator, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("a session that ends loses no input: sign in over the page and send again", async () => {
  const joan = await account("Joan");
  const made = await newProject("Lost session");
  await give(made.projectId, joan.email, "editor");
  const person = await signedIn(browser, joan);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/data-sources`);
  await titled(page, "Data Sources");
  await page.getByRole("button", { name: "New data source" }).first().click();
  await page.getByRole("menuitem", { name: "Incoming Webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("half-filled");
  // the person disables and enables: every session of theirs is over
  await asAdministrator()("PATCH", `/users/${joan.id}`, { disabled: true });
  await asAdministrator()("PATCH", `/users/${joan.id}`, { disabled: false });
  const over = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.getByRole("button", { name: "Create" }).click({ timeout: 5_000 }).catch(() => undefined);
  await over.waitFor();
  await accessibleInBoth(page, "a session that has ended");
  await over.getByLabel(/^Password/).fill(PASSWORD);
  await over.getByRole("button", { name: "Sign in" }).click();
  await over.waitFor({ state: "detached" });
  expect(await dialog.getByLabel("Name").inputValue()).toBe("half-filled");
  await dialog.getByRole("button", { name: "Create" }).click();
  await titled(page, "half-filled");
  person.calm();
  await person.context.close();
});

test("what changes elsewhere is seen without a reload", async () => {
  const made = await newProject("Live");
  await dataSource(made, "orders");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/data-sources`);
  await page.getByRole("link", { name: "orders" }).waitFor();
  await page.waitForTimeout(1_000);
  await dataSource(made, "payments");
  await page.getByRole("link", { name: "payments" }).waitFor({ timeout: 3_000 });

  await page.context().close();
});
