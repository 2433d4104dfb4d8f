// The seed's five steps without a mouse: this file calls the keyboard alone, from the password to the URL in the clipboard.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Person, start } from "./chromium";
import { arrowTo, hasFocus, jump, tabTo, use } from "./keyboard";
import { post } from "./maker";
import { PASSWORD, administratorAccount, linkToken } from "./people";
import { titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

/** A window of an administrator who has to sign in. */
async function outside(): Promise<{ person: Person; email: string }> {
  const ada = await administratorAccount("Ada Keys");
  const person = await Person.open(browser);
  await person.context.request.post("/api/v1/sign-in-link/redeem", { data: { token: await linkToken(ada.id), password: PASSWORD } });
  await person.context.clearCookies();
  await person.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: inject("base") });
  return { person, email: ada.email };
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/projects");
  await tabTo(page, page.getByLabel("E-mail"));
  await page.keyboard.type(email);
  await tabTo(page, page.getByLabel(/^Password/));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await titled(page, "Projects");
}

async function makeProject(page: Page, name: string): Promise<void> {
  await use(page, page.getByRole("button", { name: "New project" }).first());
  const field = page.getByRole("dialog", { name: "New project" }).getByRole("textbox", { name: "Name" });
  await expect.poll(() => hasFocus(field)).toBe(true);
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}\//);
}

async function makeWebhook(page: Page): Promise<void> {
  await jump(page, "Data Sources");
  await titled(page, "Data Sources");
  await use(page, page.getByRole("button", { name: "New data source" }));
  await arrowTo(page, page.getByRole("menuitem", { name: "Incoming Webhook" }));
  const name = page.getByRole("dialog", { name: "New incoming webhook" }).getByLabel("Name");
  await expect.poll(() => hasFocus(name)).toBe(true);
  await page.keyboard.type("orders");
  await tabTo(page, page.getByLabel("Description"));
  await page.keyboard.type("From the shop");
  await use(page, page.getByRole("button", { name: "Create" }));
  await titled(page, "orders");
}

async function drawProcess(page: Page): Promise<void> {
  await jump(page, "Processes");
  await titled(page, "Processes");
  await use(page, page.getByRole("button", { name: "New process" }).first());
  await expect.poll(() => hasFocus(page.getByRole("dialog", { name: "New process" }).getByLabel("Name"))).toBe(true);
  await page.keyboard.type("order-intake");
  await page.keyboard.press("Enter");
  await page.locator(".djs-shape").first().waitFor();
  const canvas = page.getByRole("application");
  await tabTo(page, canvas);
  // a new process begins with its start event selected
  await page.getByRole("heading", { name: "Message start event" }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("combobox", { name: "Append element" }).waitFor();
  await page.keyboard.type("script");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Script task" }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("option", { name: /End_1/ }).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => hasFocus(canvas)).toBe(true);
  // to what is selected, and back to the diagram
  await page.keyboard.press("F6");
  const script = page.getByRole("textbox", { name: "Script" });
  await tabTo(page, script);
  await page.keyboard.type("output.seen = webhookData.payload.orderId;");
  await page.keyboard.press("F6");
  await expect.poll(() => hasFocus(canvas)).toBe(true);
}

async function connect(page: Page): Promise<void> {
  await page.keyboard.press("k");
  while (!(await page.getByRole("heading", { name: "Message start event" }).isVisible())) await page.keyboard.press("k");
  await page.keyboard.press("F6");
  await tabTo(page, page.getByRole("combobox", { name: "Select Webhook" }));
  await page.keyboard.type("ord");
  await page.getByRole("option", { name: "orders" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByText("No problems. This process can be committed.").waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText("Saved", { exact: true }).waitFor();
}

async function commit(page: Page): Promise<void> {
  await jump(page, "Versions");
  await titled(page, "Versions");
  await tabTo(page, page.getByLabel("Message"));
  await page.keyboard.type("Orders start a process");
  await page.keyboard.press("Enter");
  await page.getByText("Commit 1 was made").waitFor();
}

async function activate(page: Page): Promise<string> {
  await jump(page, "Manage Triggers");
  const row = page.getByRole("row", { name: /orders/ });
  await row.getByText("Deactivated").waitFor();
  const menu = page.getByRole("button", { name: "Actions of orders" });
  await use(page, menu);
  await arrowTo(page, page.getByRole("menuitem", { name: "Activate" }));
  await row.getByText("Active", { exact: true }).waitFor();
  // the menu has given the focus back
  await expect.poll(() => hasFocus(menu)).toBe(true);
  await page.keyboard.press("Enter");
  await arrowTo(page, page.getByRole("menuitem", { name: "Get URL" }));
  const dialog = page.getByRole("dialog", { name: "Webhook URL of orders" });
  await use(page, dialog.getByRole("button", { name: "Copy", exact: true }));
  await dialog.getByText("Copied").waitFor();
  const url = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => hasFocus(menu)).toBe(true);
  return url;
}

test("create, draw, connect, save, commit, activate, copy the URL: with the keyboard alone", async () => {
  const { person, email } = await outside();
  const { page } = person;
  await signIn(page, email);
  await makeProject(page, `Keys ${crypto.randomUUID().slice(0, 8)}`);
  await makeWebhook(page);
  await drawProcess(page);
  await connect(page);
  await commit(page);
  await post(await activate(page), '{"orderId":"ORD-1"}');
  await jump(page, "Process Instances");
  await use(page, page.getByRole("link", { name: "order-intake" }));
  await page.getByText("Completed", { exact: true }).waitFor();
  await page.getByRole("tree", { name: "Variables" }).getByText("ORD-1").first().waitFor();
  person.calm();
  await person.context.close();
});
