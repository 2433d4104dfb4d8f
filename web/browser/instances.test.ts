import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { start } from "./chromium";
import { hasFocus } from "./keyboard";
import { commit, dataSource, post, scripted, until, webhook } from "./maker";
import { overflows } from "./people";
import { accessibleInBoth, administrator, many, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

async function running(name: string, script: string) {
  const made = await newProject(name);
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, script);
  await commit(made);
  return { made, hook: await webhook(made, source) };
}

/** The rows of the list that are in the page. */
const rows = (page: Page) => page.locator("tbody tr[data-index]");

test("10,000 rows are scrolled with less than 200 in the page", { timeout: 240_000 }, async () => {
  const { made, hook } = await running("Many", "1");
  await many(10_000, 32, () => post(hook.url, "{}"));
  const last = await post(hook.url, '{"last":true}');
  await until("the last instance", async () => (await made.call<{ items: unknown[] }>("GET", `/process-instances?eventId=${last}`)).items.length === 1);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances`);
  await rows(page).first().waitFor();
  const most = await page.evaluate(async () => {
    let most = 0;
    const began = performance.now();
    let reached = 0;
    while (reached < 9_999 && performance.now() - began < 120_000) {
      window.scrollTo(0, document.body.scrollHeight);
      await new Promise((wake) => setTimeout(wake, 30));
      const shown = [...document.querySelectorAll("tbody tr[data-index]")];
      reached = Number(shown.at(-1)?.getAttribute("data-index") ?? 0);
      most = Math.max(most, shown.length);
    }
    return { most, reached };
  });
  expect(most.reached).toBeGreaterThanOrEqual(9_999);
  expect(most.most).toBeLessThan(200);
  // back to the top at once
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.locator('tbody tr[data-index="0"]').waitFor();
  person.calm();
  await person.context.close();
});

test("an instance shows its path, its trail and every digit of its variables", async () => {
  const { made, hook } = await running("Digits", "output.copy = webhookData.payload.small;");
  const eventId = await post(hook.url, '{"big":12345678901234567890123,"small":7,"price":1.10,"__proto__":{"x":1},"big":2}');
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances`);
  await page.getByRole("link", { name: "order-intake" }).click();
  await titled(page, "order-intake");
  await page.getByRole("img", { name: /Path through order-intake/ }).waitFor();
  const tree = page.getByRole("tree", { name: "Variables" });
  await tree.getByText("12345678901234567890123").waitFor();
  for (const whole of ["1.10", "__proto__", "copy"]) expect(await tree.innerText()).toContain(whole);
  await page.getByRole("table", { name: "Trail" }).getByText("Work").waitFor();
  await page.getByRole("textbox", { name: "Search variables" }).fill("890123");
  await page.keyboard.press("Enter");
  await page.getByText("/webhookData/payload/big").waitFor();
  await page.getByRole("link", { name: "The event" }).click();
  await page.waitForURL(new RegExp(eventId));
  await titled(page, "Event of orders");
  await page.getByRole("navigation", { name: "Breadcrumb" }).or(page.getByLabel("Breadcrumb")).getByRole("link", { name: "Events" }).click();
  await titled(page, "Events");
  await page.getByRole("row", { name: /Started/ }).waitFor();
  person.calm();
  await person.context.close();
});

test("an instance that stands still is cancelled, and says so", async () => {
  const { made, hook } = await running("Cancel", "throw new Error('stands')");
  await post(hook.url, "{}");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances?status=incident`);
  await page.getByRole("link", { name: "order-intake" }).click();
  await page.getByRole("heading", { name: "Incident" }).waitFor();
  await page.getByRole("button", { name: "Cancel instance" }).click();
  await page.getByRole("dialog").getByText("It ends where it stands").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel instance" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor();
  await expect.poll(() => hasFocus(page.getByRole("status").filter({ hasText: "The instance is cancelled." }))).toBe(true);
  person.calm();
  await person.context.close();
});

test("variables are corrected digit by digit, and the incident is retried", async () => {
  const { made, hook } = await running("Correct", "if (!order.ready) throw new Error('not ready'); output.seen = order.n;");
  await post(hook.url, "{}");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances`);
  await page.getByRole("link", { name: "order-intake" }).click();
  await page.getByRole("heading", { name: "Incident" }).waitFor();
  await page.getByRole("button", { name: "Change variables" }).click();
  const dialog = page.getByRole("dialog", { name: "Change variables" });
  const field = dialog.getByRole("textbox", { name: "Values to merge (JSON)" });
  await field.fill('{"order": {,}}');
  await dialog.getByText("This is no JSON at line 1, column 12.").waitFor();
  await field.fill('{"order": {"ready": true, "n": 98765432109876543210987}}');
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("The variables are changed.").waitFor();
  await page.getByRole("tree", { name: "Variables" }).getByText("98765432109876543210987").waitFor();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("Completed", { exact: true }).waitFor();
  await expect.poll(() => hasFocus(page.getByRole("status").filter({ hasText: "The element was tried again, and it goes on." }))).toBe(true);
  person.calm();
  await person.context.close();
});

test("a payload of a megabyte and 100,000 values is looked through smoothly", async () => {
  const { made, hook } = await running("Large", "1");
  const payload = `{"all":[${Array.from({ length: 100_000 }, (_, at) => at).join(",")}],"needle":"here"}`;
  await post(hook.url, payload);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances`);
  await page.getByRole("link", { name: "order-intake" }).click();
  const tree = page.getByRole("tree", { name: "Variables" });
  await tree.waitFor();
  const began = Date.now();
  await page.getByRole("button", { name: "Open all" }).click();
  await page.getByRole("textbox", { name: "Search variables" }).fill("99999");
  await page.keyboard.press("Enter");
  await page.getByText("/webhookData/payload/all/99999").waitFor();
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await page.getByRole("treeitem").count()).toBeLessThan(200);
  person.calm();
  await person.context.close();
});

test("open incidents of all instances: one, some and all that fit are retried", async () => {
  const made = await newProject("Incidents");
  const source = await dataSource(made, "orders");
  await scripted(made, "order-intake", source, "if (!webhookData.payload.ready) throw new Error('not ready yet');");
  await commit(made);
  const hook = await webhook(made, source);
  for (const order of [1, 2, 3, 4]) await post(hook.url, JSON.stringify({ order }));
  const stopped = await until("the incidents", async () => {
    const { items } = await made.call<{ items: { id: string; instanceId: string }[] }>("GET", "/incidents");
    return items.length === 4 && items;
  });
  const ready = async (at: number) => {
    const { commandId } = await made.call<{ commandId: string }>("POST", `/process-instances/${stopped[at]!.instanceId}/change-variables`, { patch: { webhookData: { payload: { ready: true } } } });
    await until("the change", async () => (await made.call<{ state: string }>("GET", `/commands/${commandId}`)).state === "done");
  };
  for (const at of [0, 1, 2]) await ready(at);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances`);
  await titled(page, "Process Instances");
  await page.getByText("Open incidents", { exact: true }).click();
  await page.waitForURL(/view=incidents/);
  const rows = page.getByRole("row", { name: /not ready yet/ });
  await expect.poll(() => rows.count()).toBe(4);

  await rows.first().getByRole("button", { name: /^Actions of the incident/ }).click();
  await page.getByRole("menuitem", { name: "Retry" }).click();
  await page.getByText("The element was tried again, and it goes on.").waitFor();
  await expect.poll(() => rows.count()).toBe(3);

  await page.getByRole("checkbox", { name: "Choose the incident of order-intake" }).first().check();
  await page.getByRole("button", { name: "Retry 1" }).click();
  const operations = page.getByRole("region", { name: "Operations" });
  await operations.getByText("done: 1 resolved").waitFor();
  await expect.poll(() => rows.count()).toBe(2);

  await rows.first().getByRole("button", { name: /^script/ }).click();
  await page.waitForURL(/causeCode=script/);
  await page.getByRole("button", { name: "Retry all that fit" }).click();
  await operations.getByText("done: 1 resolved, 1 failed again").waitFor();
  await expect.poll(() => rows.count()).toBe(1);
  person.calm();
  await person.context.close();
});

test("an element without a name is told by its kind, with its id beside that", async () => {
  const made = await newProject("Unnamed");
  const source = await dataSource(made, "orders");
  const id = await scripted(made, "order-intake", source, "throw new Error('not today');");
  const path = `/branches/main/process-definitions/${id}/bpmn`;
  const file = await fetch(`${inject("base")}/api/v1/projects/${made.projectId}${path}`, { headers: { authorization: `Bearer ${inject("token")}` } });
  await made.call("PUT", path, (await file.text()).replace(' name="Work"', ""));
  await commit(made);
  const hook = await webhook(made, source);
  await post(hook.url, "{}");
  const found = await until("the incident", async () => (await made.call<{ items: { id: string }[] }>("GET", "/process-instances?status=incident")).items[0]);
  const person = await administrator(browser, { width: 360, height: 740 });
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/instances/${found.id}`);
  await page.getByRole("table", { name: "Trail" }).getByRole("button", { name: "Script task (unnamed) work" }).waitFor();
  await page.getByRole("link", { name: "Script task (unnamed) work" }).waitFor();
  expect(await overflows(page)).toBe(false);
  await accessibleInBoth(page, "an element without a name");
  person.calm();
  await person.context.close();
});
