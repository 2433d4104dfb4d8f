// Copying where the browser hides the clipboard: pages that come by http from another machine.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { accessible } from "./axe";
import { type Person, start } from "./chromium";
import { commit, dataSource, post, scripted } from "./maker";
import { administrator, choose, newProject, titled } from "./runtime";

/** A name that is not this machine's own, and leads to it: such an origin is not a secure one. */
const NAME = "console.example";

let browser: Browser;
beforeAll(async () => {
  const { host } = new URL(inject("base"));
  // the server is taken for one elsewhere also where the pages do not come from it (FOREBAY_PAGES)
  browser = await start([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`, `--ip-address-space-overrides=${host}=public`]);
});
afterAll(() => browser.close());

/** The URL's dialog in a window that came without HTTPS. */
async function urlDialog(): Promise<Person> {
  const made = await newProject("Copy");
  await scripted(made, "order-intake", await dataSource(made, "orders"), "1");
  await commit(made);
  const { items } = await made.call<{ items: { id: string }[] }>("GET", "/triggers");
  await made.call("POST", `/triggers/${items[0]?.id ?? ""}/activate`);
  const away = `http://${NAME}:${new URL(inject("base")).port}`;
  const person = await administrator(browser, { alias: away });
  await person.page.goto(`/projects/${made.projectId}/triggers`);
  await titled(person.page, "Manage Triggers");
  expect(await person.page.evaluate(() => [window.isSecureContext, "clipboard" in navigator])).toEqual([false, false]);
  await choose(person.page, "orders", "Get URL");
  return person;
}

test("the URL is copied without HTTPS, and that is said", async () => {
  const person = await urlDialog();
  const { page } = person;
  const dialog = page.getByRole("dialog", { name: "Webhook URL of orders" });
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await dialog.getByText("Copied").waitFor();
  // pasted where a person would: into a field of this page
  await dialog.getByRole("button", { name: "Send a test event …" }).click();
  const body = dialog.getByRole("textbox", { name: "Body" });
  await body.fill("");
  await page.keyboard.press("Control+v");
  const pasted = await body.inputValue();
  expect(pasted).toMatch(/^http:\/\/.+\/webhooks\/.+flowxApiKey=/);
  await post(pasted, "{}");
  await dialog.getByRole("button", { name: "Copy curl command" }).click();
  await body.fill("");
  await page.keyboard.press("Control+v");
  expect(await body.inputValue()).toContain(`--url '${pasted}'`);
  person.calm();
  await person.context.close();
});

test("where the browser copies nothing at all, the text is selected and it is said what to do", async () => {
  const person = await urlDialog();
  const { page } = person;
  // what a browser does whose owner forbids it
  await page.evaluate(() => {
    document.execCommand = () => false;
  });
  const dialog = page.getByRole("dialog", { name: "Webhook URL of orders" });
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByText("The text is selected: press Ctrl+C").waitFor();
  const field = page.getByRole("textbox", { name: "Copy URL" });
  await expect.poll(() => field.evaluate((node) => document.activeElement === node && (node as HTMLTextAreaElement).selectionEnd)).toBe((await field.inputValue()).length);
  await accessible(page, "copying by hand");
  const url = await field.inputValue();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Send a test event …" }).click();
  const body = dialog.getByRole("textbox", { name: "Body" });
  await body.fill("");
  await page.keyboard.press("Control+v");
  expect(await body.inputValue()).toBe(url);
  person.calm();
  await person.context.close();
});
