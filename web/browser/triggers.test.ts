import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { start } from "./chromium";
import { hasFocus } from "./keyboard";
import { commit, dataSource, post, scripted, webhook } from "./maker";
import { accessibleInBoth, administrator, choose, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("activate, copy the URL, post, deactivate, activate again, reset", async () => {
  const made = await newProject("Trigger");
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, "output.seen = 1;");
  await commit(made);
  const person = await administrator(browser);
  await person.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: inject("base") });
  const { page } = person;
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const copied = async () => {
    await choose(page, "orders", "Get URL");
    const dialog = page.getByRole("dialog", { name: "Webhook URL of orders" });
    const shown = await dialog.getByRole("textbox", { name: "Webhook URL" }).textContent();
    expect(shown).toMatch(/flowxApiKey=•+$/);
    await dialog.getByRole("button", { name: "Copy", exact: true }).click();
    await dialog.getByText("Copied").waitFor();
    return clipboard();
  };
  const close = () => page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();

  await page.goto(`/projects/${made.projectId}/triggers`);
  await titled(page, "Manage Triggers");
  const row = page.getByRole("row", { name: /orders/ });
  await row.getByText("Deactivated").waitFor();
  await row.getByRole("button", { name: "Activate orders" }).press("Enter");
  await row.getByText("Active", { exact: true }).waitFor();
  await expect.poll(() => hasFocus(row.getByRole("button", { name: "Get URL of orders" }))).toBe(true);
  const url = await copied();
  await page.getByRole("button", { name: "Copy curl command" }).click();
  expect(await clipboard()).toContain(`--url '${url}'`);
  await close();

  // the instance appears without a reload
  const other = await administrator(browser);
  await other.page.goto(`/projects/${made.projectId}/instances`);
  await other.page.getByText("No instance yet").waitFor();
  await post(url, '{"orderId":"ORD-1"}');
  await page.bringToFront();
  await page.getByRole("img", { name: "Last 24 hours: 1 accepted, 0 failed, 0 refused" }).waitFor();
  await other.page.bringToFront();
  await other.page.getByRole("link", { name: "order-intake" }).waitFor({ timeout: 10_000 });

  await choose(page, "orders", "Deactivate");
  const asks = page.getByRole("dialog", { name: "Deactivate orders?" });
  await asks.getByRole("button", { name: "Deactivate" }).click();
  await row.getByText("Deactivated").waitFor();
  await expect(post(url, "{}")).rejects.toThrow(/^404 /);

  await choose(page, "orders", "Activate");
  await row.getByText("Active", { exact: true }).waitFor();
  expect(await copied()).toBe(url);
  await post(url, "{}");

  await page.getByRole("button", { name: "Reset API Key" }).click();
  const warning = page.getByRole("dialog", { name: "Reset API Key" });
  await warning.getByText("they will receive 401 Unauthorized errors").waitFor();
  await warning.getByRole("button", { name: "Reset API Key" }).click();
  await page.getByText("The API key was reset.").waitFor();
  await page.getByRole("dialog", { name: "Webhook URL of orders" }).getByRole("button", { name: "Copy", exact: true }).click();
  const renewed = await clipboard();
  expect(renewed).not.toBe(url);
  await expect(post(url, "{}")).rejects.toThrow(/^401 /);
  await post(renewed, "{}");
  person.calm();
  other.calm();
  await Promise.all([person.context.close(), other.context.close()]);
});

test("a test event is sent from the dialog, and its answer is shown", async () => {
  const made = await newProject("Test event");
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, "1");
  await commit(made);
  await webhook(made, source);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/triggers`);
  await choose(page, "orders", "Get URL");
  await page.getByRole("button", { name: "Send a test event …" }).click();
  await page.getByRole("textbox", { name: "Body" }).fill("{oops");
  await page.getByRole("button", { name: "Send a test event", exact: true }).click();
  await page.getByText(/^Answered 400 in/).waitFor();
  await page.getByRole("textbox", { name: "Body" }).fill('{"n":12345678901234567890123}');
  await page.getByRole("button", { name: "Send a test event", exact: true }).click();
  await page.getByText(/^Answered 200 in/).waitFor();
  // at the end of a dialog that is higher than the window
  await expect.poll(() => page.getByRole("link", { name: "What became of the event" }).evaluate((link) => link.getBoundingClientRect().bottom <= window.innerHeight)).toBe(true);
  await accessibleInBoth(page, "a test event");
  await page.getByRole("link", { name: "What became of the event" }).click();
  await page.getByRole("link", { name: "order-intake", exact: true }).waitFor();
  await page.getByRole("link", { name: "In webhookData of the process instance" }).click();
  await page.getByRole("tree", { name: "Variables" }).getByText("12345678901234567890123").waitFor();
  person.calm();
  await person.context.close();
});

test("the next step stands in the row, and who sends while the dialog is open sees that it came", async () => {
  const made = await newProject("Next step");
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, "1");
  await commit(made);
  const person = await administrator(browser);
  await person.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: inject("base") });
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/triggers`);
  await page.getByRole("button", { name: "Activate orders" }).click();
  await page.getByRole("button", { name: "Get URL of orders" }).click();
  const dialog = page.getByRole("dialog", { name: "Webhook URL of orders" });
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await dialog.getByText("Copied").waitFor();
  expect(await dialog.getByText("has come in").count()).toBe(0);
  await post(await page.evaluate(() => navigator.clipboard.readText()), "{}");
  await dialog.getByText("A request with the right key has come in.").waitFor({ timeout: 20_000 });
  await accessibleInBoth(page, "a request has come in");
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
  // the count and the time of the last event agree
  const row = page.getByRole("row", { name: /orders/ });
  await row.getByRole("img", { name: "Last 24 hours: 1 accepted, 0 failed, 0 refused" }).waitFor();
  await row.getByText(/just now|seconds? ago/).waitFor();
  person.calm();
  await person.context.close();
});

test("a state that somebody else changed is seen within two seconds", async () => {
  const made = await newProject("Elsewhere");
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, "1");
  await commit(made);
  const { triggerId } = await webhook(made, source);
  const person = await administrator(browser);
  await person.page.goto(`/projects/${made.projectId}/triggers`);
  const row = person.page.getByRole("row", { name: /orders/ });
  await row.getByText("Active", { exact: true }).waitFor();
  await made.call("POST", `/triggers/${triggerId}/deactivate`);
  await row.getByText("Deactivated").waitFor({ timeout: 3_000 });
  person.calm();
  await person.context.close();
});

test("the first webhook is made where its trigger is missed; a click beside the dialog throws nothing away", async () => {
  const made = await newProject("First");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/triggers`);
  const open = page.getByRole("button", { name: "New incoming webhook" });
  const dialog = page.getByRole("dialog", { name: "New incoming webhook" });
  await open.click();
  await dialog.waitFor();
  await page.mouse.click(5, 400);
  await dialog.waitFor({ state: "detached" });
  await open.click();
  await dialog.getByLabel("Name").fill("orders");
  await page.mouse.click(5, 400);
  await dialog.getByRole("button", { name: "Create" }).click();
  await titled(page, "orders");
  person.calm();
  await person.context.close();
});

test("what a webhook still needs is told, one condition after the other", async () => {
  const made = await newProject("Conditions");
  const source = await dataSource(made, "orders");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/triggers`);
  await page.getByRole("heading", { name: "No triggers yet" }).waitFor();
  const steps = page.getByRole("region", { name: "Not listed yet" });
  await steps.getByRole("link", { name: "To the processes" }).waitFor();
  expect(await steps.getByRole("img", { name: "Done" }).count()).toBe(1);
  await accessibleInBoth(page, "Manage Triggers, empty");
  await scripted(made, "order-intake", source, "1");
  await page.reload();
  await steps.getByRole("link", { name: "Commit" }).waitFor();
  expect(await steps.getByRole("img", { name: "Done" }).count()).toBe(2);
  await commit(made);
  await page.getByRole("row", { name: /orders/ }).getByText("Deactivated").waitFor({ timeout: 5_000 });
  await steps.waitFor({ state: "detached" });
  person.calm();
  await person.context.close();
});
