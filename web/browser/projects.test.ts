// Projects: made, renamed, and deleted once nothing stands in the way and the name was typed.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { commit, dataSource, scripted, webhook } from "./maker";
import { accessibleInBoth, administrator, choose, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("a project is made, renamed and deleted", async () => {
  const person = await administrator(browser);
  const { page } = person;
  const name = `Shop ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto("/projects");
  await titled(page, "Projects");
  await page.getByRole("button", { name: "New project" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}\//);
  await page.goto(`/projects?name=${encodeURIComponent(name)}`);
  await choose(page, name, "Rename…");
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(`${name} 2`);
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("link", { name: `${name} 2` }).waitFor();

  await choose(page, `${name} 2`, "Delete…");
  const remove = page.getByRole("button", { name: "Delete for good" });
  expect(await remove.isDisabled()).toBe(true);
  await page.getByLabel("to go on").fill(`${name} 2`);
  await remove.click();
  await page.getByRole("link", { name: `${name} 2` }).waitFor({ state: "detached" });
  person.calm();
  await person.context.close();
});

test("a project with an active trigger stays, and says which", async () => {
  const made = await newProject("Stays");
  const orders = await dataSource(made, "orders");
  await scripted(made, "order-intake", orders, "output.seen = 1;");
  await commit(made);
  await webhook(made, orders);
  const { name } = await made.call<{ name: string }>("GET", "");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects?name=${encodeURIComponent(name)}`);
  await choose(page, name, "Delete…");
  await page.getByLabel("to go on").fill(name);
  await page.getByRole("button", { name: "Delete for good" }).click();
  await accessibleInBoth(page, "a project that stays");
  await page.getByRole("dialog").getByRole("link", { name: "orders" }).click();
  await titled(page, "Manage Triggers");
  person.calm();
  await person.context.close();
});

test("a project is exported and imported, with what comes shown first", async () => {
  const made = await newProject("Travels");
  await scripted(made, "order-intake", await dataSource(made, "orders"), "output.seen = 1;");
  const { name } = await made.call<{ name: string }>("GET", "");
  const person = await administrator(browser);
  const { page } = person;
  // other tests' projects may be many, and only the rows in sight are in the page
  await page.goto(`/projects?name=${encodeURIComponent(name)}`);
  const coming = page.waitForEvent("download");
  await choose(page, name, "Export main");
  const archive = await coming;
  expect(archive.suggestedFilename()).toMatch(/^Travels-[0-9a-f]+-main\.tar\.gz$/);
  await page.getByRole("button", { name: "Import…" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a project" });
  await dialog.locator("input[type=file]").setInputFiles({ name: "no.tar.gz", mimeType: "application/gzip", buffer: Buffer.from("no archive") });
  await dialog.getByRole("alert").waitFor();
  await dialog.locator("input[type=file]").setInputFiles(await archive.path());
  await dialog.getByText("order-intake").waitFor();
  await dialog.getByRole("textbox", { name: "Name" }).fill(`${name} again`);
  await accessibleInBoth(page, "an import");
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await page.waitForURL(/\/branches\/main\/versions$/);
  await page.getByRole("link", { name: "order-intake" }).waitFor();
  person.calm();
  await person.context.close();
});
