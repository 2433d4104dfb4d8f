import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { hasFocus } from "./keyboard";
import { type Made, type MadeWebhook, commit, dataSource, post, rescript, scripted, until, webhook } from "./maker";
import { accessibleInBoth, administrator, many, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

/** What a stranger may send: nothing of it may be more than text. */
const HOSTILE = String.raw`{"<img src=x onerror=alert(1)>":"<script>alert(2)</script>","__proto__":{"polluted":true},"n":12345678901234567890123,"e":1.10,"n":-0,"rtl":"\u202Eabc"}`;

interface Failing {
  made: Made;
  hook: MadeWebhook;
  process: string;
}

async function failing(name: string): Promise<Failing> {
  const made = await newProject(name);
  const source = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", source, "throw new Error('<b>not today</b>')");
  await commit(made);
  return { made, hook: await webhook(made, source), process };
}

test("a failing script is listed, explained, corrected and retried", async () => {
  const { made, hook, process } = await failing("Failing");
  const eventId = await post(hook.url, HOSTILE, { "x-hostile": "<script>alert(3)</script>" });
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/failed-triggers`);
  await titled(page, "Failed Triggers");
  await page.getByText("threw: Error: <b>not today</b>").waitFor();
  // the filters stand in the address
  await page.getByRole("textbox", { name: "Event id" }).fill(eventId);
  await page.waitForURL(new RegExp(`eventId=.*${eventId}`));
  // what is chosen is a step on the way back, what is typed is none
  await page.getByRole("combobox", { name: "State" }).or(page.getByRole("textbox", { name: "State" })).first().click();
  await page.getByRole("option", { name: "Open" }).click();
  await page.waitForURL(/status=open/);
  await page.goBack();
  await page.waitForURL((url) => url.search.includes(eventId) && !url.search.includes("status"));
  await page.getByRole("row").nth(1).getByRole("link").first().click();

  await titled(page, /orders → order-intake/);
  await page.getByText("Correct the process").waitFor();
  const tree = page.getByRole("tree", { name: "Payload" });
  const text = await tree.innerText();
  for (const whole of ["12345678901234567890123", "1.10", "-0", "__proto__", "<img src=x onerror=alert(1)>", "<script>alert(2)</script>"]) expect(text).toContain(whole);
  await page.getByRole("table", { name: "Headers of the request" }).getByText("<script>alert(3)</script>").waitFor();
  await page.getByText("Raw text").click();
  expect(await page.getByRole("textbox", { name: "Payload as text" }).inputValue()).toBe(HOSTILE);

  // before it is corrected, a retry says why it failed again
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("alert").getByText("not today").last().waitFor();
  await rescript(made, process, hook.dataSourceId, "output.big = webhookData.payload.n;");
  await commit(made, "corrected");
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("The retry started it.").waitFor();
  await page.getByText("Retried", { exact: true }).waitFor();
  await page.getByRole("link", { name: "What became of the event" }).click();
  await titled(page, "Event of orders");
  await page.getByRole("link", { name: "order-intake", exact: true }).click();
  await page.getByText("Completed", { exact: true }).waitFor();
  person.calm();
  await person.context.close();
});

test("all of a cause are retried at once, in a bar that stays from page to page", async () => {
  const { made, hook, process } = await failing("Causes");
  await many(60, 12, () => post(hook.url, "{}"));
  await until("the failed triggers", async () => (await made.call<{ items: unknown[] }>("GET", "/failed-triggers?limit=200")).items.length === 60);
  await rescript(made, process, hook.dataSourceId, "output.done = true;");
  await commit(made, "corrected");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/failed-triggers?view=causes`);
  const row = page.getByRole("row", { name: /not today/ });
  await row.getByRole("cell", { name: "60", exact: true }).waitFor();
  // one text is not what all of them have in common
  await row.getByText(/^for example: .*not today/).waitFor();
  await row.getByRole("link", { name: "script-failed", exact: true }).waitFor();
  await row.getByRole("button", { name: /^Actions of the cause/ }).click();
  await page.getByRole("menuitem", { name: "Retry all open" }).click();
  const bar = page.getByRole("region", { name: "Operations" });
  await bar.getByText("Retrying failed triggers").waitFor();
  await page.getByRole("link", { name: "Process Instances" }).click();
  await titled(page, "Process Instances");
  await bar.getByText("done: 60 retried").waitFor();
  await accessibleInBoth(page, "the bar of operations");
  await page.getByText("Completed 60").waitFor();
  await bar.getByRole("button", { name: "Close" }).click();
  await bar.waitFor({ state: "detached" });
  person.calm();
  await person.context.close();
});

test("a selection is dismissed", async () => {
  const { made, hook } = await failing("Selection");
  await many(3, 1, () => post(hook.url, "{}"));
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/failed-triggers`);
  await page.setViewportSize({ width: 1600, height: 800 });
  await page.goto(`/projects/${made.projectId}/triggers`);
  await page.getByRole("link", { name: "3 failed: to Failed Triggers" }).hover();
  await page.getByRole("tooltip").getByText("there may be more than were accepted").waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goBack();
  await page.getByRole("row", { name: /not today/ }).nth(2).waitFor();
  await page.getByRole("checkbox", { name: /^Choose the failed trigger of .* in order-intake$/ }).first().check();
  await page.getByRole("checkbox", { name: /^Choose the failed trigger of .* in order-intake$/ }).nth(1).check();
  const chosen = page.getByRole("region", { name: "Chosen rows" });
  await chosen.getByText("2 failed triggers chosen").waitFor();
  await accessibleInBoth(page, "chosen rows");
  await chosen.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("dialog", { name: "Dismiss 2 failed triggers?" }).getByRole("button", { name: "Dismiss" }).click();
  await page.getByText("done: 2 dismissed").waitFor();
  await page.getByText("1 row, that is all.").waitFor();
  // the button that it was asked with is no use without a selection
  await expect.poll(() => hasFocus(page.getByRole("main"))).toBe(true);
  person.calm();
  await person.context.close();
});

test("dismissing asks, and takes the row away", async () => {
  const { made, hook } = await failing("Dismissing");
  await post(hook.url, "{}");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/failed-triggers`);
  await page.getByRole("row", { name: /not today/ }).waitFor();
  await page.getByRole("button", { name: /^Actions of the failed trigger/ }).click();
  await page.getByRole("menuitem", { name: "Dismiss" }).click();
  const asks = page.getByRole("dialog", { name: "Dismiss this failed trigger?" });
  await asks.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("heading", { name: "Nothing has failed" }).waitFor();
  await accessibleInBoth(page, "Failed Triggers, empty");
  person.calm();
  await person.context.close();
});

test("a refused request is listed with the sender's bytes, and cannot be retried", async () => {
  const { made, hook } = await failing("Refused");
  await expect(post(hook.url, "{oops")).rejects.toThrow(/^400 /);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/failed-triggers`);
  await page.getByRole("row", { name: /Gateway/ }).getByRole("link").first().click();
  expect(await page.getByRole("textbox", { name: "Payload as text" }).inputValue()).toBe("{oops");
  expect(await page.getByRole("button", { name: "Retry" }).isDisabled()).toBe(true);
  person.calm();
  await person.context.close();
});

test("the address of a failed trigger that is not there says so", async () => {
  const { made } = await failing("Unknown");
  const person = await administrator(browser);
  await person.page.goto(`/projects/${made.projectId}/failed-triggers/${crypto.randomUUID()}`);
  await person.page.getByRole("alert").waitFor();
  await accessibleInBoth(person.page, "an unknown failed trigger");
  await person.context.close();
});

