// Data sources: made with good and bad names, changed by two people at once, deleted when nothing stands in the way.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { commit, dataSource, post, scripted, webhook } from "./maker";
import { accessibleInBoth, administrator, choose, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("a webhook is made once its name is as it must be", async () => {
  const made = await newProject("Names");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/data-sources`);
  await titled(page, "Data Sources");
  await page.getByText("No data source yet").waitFor();
  await accessibleInBoth(page, "no data sources");
  await page.getByRole("button", { name: "New data source" }).click();
  await page.getByRole("menuitem", { name: "Incoming Webhook" }).click();
  const dialog = page.getByRole("dialog", { name: "New incoming webhook" });
  const name = dialog.getByLabel("Name");
  const create = dialog.getByRole("button", { name: "Create" });

  // limits are told as it is typed, in characters
  await name.fill("𠮷𠮷");
  await dialog.getByText("2 of 50").waitFor();
  await dialog.getByText("At least 3 characters; 2 so far.").waitFor();
  await name.fill("two words");
  await dialog.getByText("not a space.").waitFor();
  // the server has the last word
  await create.click();
  await dialog.getByText("may have only letters, digits and [ ] ( ) . _ -, without spaces").waitFor();
  await accessibleInBoth(page, "a refused name");
  await name.fill("𠮷".repeat(51));
  await create.click();
  await dialog.getByText("must have 3 to 50 characters, but has 51").waitFor();
  await dialog.getByLabel("Description").fill("<img src=x onerror=alert(1)> From the shop");
  await name.fill("Bestellungen[1].ä_b-(c)");
  await page.keyboard.press("Enter");
  await titled(page, "Bestellungen[1].ä_b-(c)");
  expect(await page.getByLabel("Description").inputValue()).toBe("<img src=x onerror=alert(1)> From the shop");
  await page.getByText("No process of this branch starts on it.").waitFor();

  // that it is made, and what comes next, is said once
  const told = page.getByRole("status").filter({ hasText: "It is created" });
  await told.waitFor();
  await accessibleInBoth(page, "a data source that was made just now");
  await told.getByRole("link", { name: "New process" }).click();
  await page.getByRole("dialog", { name: "New process" }).waitFor();
  await page.reload();
  await titled(page, "Processes");
  await page.getByText("No process yet").waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.goBack();
  await titled(page, "Bestellungen[1].ä_b-(c)");
  expect(await told.count()).toBe(0);

  // where it stands is told by the navigation and above its name
  const integrations = page.getByRole("navigation", { name: "Pages" }).getByRole("region", { name: "Config" }).getByRole("group", { name: "Integrations" });
  expect(await integrations.getByRole("link").allTextContents()).toEqual(["Data Sources"]);
  expect(await page.getByLabel("Breadcrumb").textContent()).toBe("Integrations/Data Sources");

  // the same name in other letters
  await page.getByRole("link", { name: "Data Sources" }).first().click();
  await titled(page, "Data Sources");
  await page.getByRole("button", { name: "New data source" }).click();
  await page.getByRole("menuitem", { name: "Incoming Webhook" }).click();
  await name.fill("BESTELLUNGEN[1].Ä_B-(C)");
  await create.click();
  await dialog.getByText(/already|taken/).waitFor();
  person.calm();
  await person.context.close();
});

test("two windows change one data source: the slower one chooses, and nothing that was typed is lost", async () => {
  const made = await newProject("Two");
  const id = await dataSource(made, "orders");
  const [one, two] = [await administrator(browser), await administrator(browser)];
  for (const { page } of [one, two]) {
    await page.goto(`/projects/${made.projectId}/branches/main/data-sources/${id}`);
    await titled(page, "orders");
  }
  await one.page.getByLabel("Description").fill("by one");
  await one.page.getByRole("button", { name: "Save" }).click();
  await one.page.getByText("Saved in the work in progress.").waitFor();

  await two.page.getByLabel("Description").fill("by two");
  await two.page.getByRole("radio", { name: "A header" }).click();
  await two.page.getByLabel("Header with the sender's id").fill("X-Order-Id");
  await two.page.getByRole("button", { name: "Save" }).click();
  const clash = two.page.getByRole("alert").filter({ hasText: "Changed by somebody else" });
  await clash.getByRole("cell", { name: "by one" }).waitFor();
  await clash.getByRole("cell", { name: "by two" }).waitFor();
  await accessibleInBoth(two.page, "a clash");
  // a form in which nothing was typed would follow what is saved now
  await one.page.getByRole("textbox", { name: "Name" }).fill("commandes");
  await clash.getByRole("button", { name: "Save what I changed" }).click();
  await two.page.getByText("Saved in the work in progress.").waitFor();
  const now = await made.call<{ description: string; idempotencyKey: string }>("GET", `/branches/main/data-sources/${id}`);
  expect([now.description, now.idempotencyKey]).toEqual(["by two", "header:X-Order-Id"]);

  // the other way round: theirs is taken
  await one.page.getByRole("button", { name: "Save" }).click();
  await one.page.getByRole("button", { name: "Take theirs" }).click();
  expect(await one.page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("orders");
  expect(await one.page.getByLabel("Description").inputValue()).toBe("by two");
  for (const person of [one, two]) {
    person.calm();
    await person.context.close();
  }
});

test("headers are listed one by one; a bad one is told where it stands", async () => {
  const made = await newProject("Headers");
  const id = await dataSource(made, "orders");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/data-sources/${id}`);
  await page.getByRole("button", { name: "Add a header" }).click();
  await page.getByRole("textbox", { name: "Header 5" }).fill("not a header");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("must be a header name of 1 to 100 characters").waitFor();
  await accessibleInBoth(page, "a refused header");
  await page.getByRole("textbox", { name: "Header 5" }).fill("X-Secret");
  await page.getByRole("button", { name: "Remove Cookie" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved in the work in progress.").waitFor();
  const now = await made.call<{ redactedHeaders: string[] }>("GET", `/branches/main/data-sources/${id}`);
  expect(now.redactedHeaders).toEqual(["Authorization", "Proxy-Authorization", "X-Api-Key", "X-Secret"]);
  // what is not saved is not left by accident
  await page.getByLabel("Description").fill("not saved");
  await page.getByRole("link", { name: "Versions", exact: true }).click();
  const leaving = page.getByRole("dialog", { name: "Leave without saving?" });
  await leaving.getByRole("button", { name: "Stay" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("not saved");
  person.calm();
  await person.context.close();
});

test("deleting: first blocked by an active trigger, then by a process, then allowed", async () => {
  const made = await newProject("Delete");
  const id = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", id, "output.seen = 1;");
  await commit(made);
  const { url, triggerId } = await webhook(made, id);
  await post(url, "{}");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/data-sources`);
  const row = page.getByRole("row", { name: /orders/ });
  await row.getByRole("link", { name: "order-intake" }).waitFor();
  await row.getByText("Active").waitFor();
  await choose(page, "orders", "Delete…");
  const dialog = page.getByRole("dialog", { name: "Delete orders?" });
  await dialog.getByText("External systems are not told").waitFor();
  const remove = dialog.getByRole("button", { name: "Delete", exact: true });
  await remove.click();
  await dialog.getByText("Deactivate it first").waitFor();
  await dialog.getByRole("link", { name: "orders" }).waitFor();
  await accessibleInBoth(page, "a refused deletion");

  await made.call("POST", `/triggers/${triggerId}/deactivate`);
  await remove.click();
  await dialog.getByRole("link", { name: "order-intake" }).waitFor();
  await made.call("DELETE", `/branches/main/process-definitions/${process}`);
  await remove.click();
  await page.getByText("No data source yet").waitFor();
  person.calm();
  await person.context.close();
});
