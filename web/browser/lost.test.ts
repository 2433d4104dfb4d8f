// The server goes away, then an administrator ends the session, both half-way through a form: nothing that was typed is lost.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "./chromium";
import { start } from "./chromium";
import { type Made, dataSource, scripted } from "./maker";
import { PASSWORD, type Account, account, asAdministrator, give, signedIn } from "./people";
import { newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

/** An editor of a new project, in a window. */
async function editor(): Promise<{ made: Made; who: Account; person: Person; page: Page }> {
  const who = await account("Barbara");
  const made = await newProject("Lost");
  await give(made.projectId, who.email, "editor");
  const person = await signedIn(browser, who);
  return { made, who, person, page: person.page };
}

/** Every session of theirs is over. */
async function end(who: Account): Promise<void> {
  await asAdministrator()("PATCH", `/users/${who.id}`, { disabled: true });
  await asAdministrator()("PATCH", `/users/${who.id}`, { disabled: false });
}

/** Signs in again where one is. */
async function back(page: Page): Promise<void> {
  const over = page.getByRole("dialog", { name: "Your session has ended" });
  await over.getByLabel(/^Password/).fill(PASSWORD);
  await over.getByRole("button", { name: "Sign in" }).click();
  await over.waitFor({ state: "detached" });
}

/** A form in the middle of being filled. */
interface Filled {
  /** Sends it, as a person does. */
  send: () => Promise<unknown>;
  /** Everything is as it was typed. */
  kept: () => Promise<unknown>;
  /** It went through. */
  through: () => Promise<unknown>;
}

/** Nothing is said any more of what is over. */
const nothingSaid = (page: Page) => expect.poll(() => page.getByText(/The server does not answer|Your session had ended|send a valid token/).count()).toBe(0);

/** Sends in vain twice, for either reason, then for good. */
async function lostTwice({ page, who }: { page: Page; who: Account }, { send, kept, through }: Filled): Promise<void> {
  await page.context().setOffline(true);
  await send();
  await page.getByRole("alert").filter({ hasText: "The server does not answer" }).first().waitFor();
  await kept();
  await page.context().setOffline(false);
  await nothingSaid(page);
  await end(who);
  await send().catch(() => undefined);
  await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
  await back(page);
  await nothingSaid(page);
  await kept();
  await send();
  await through();
}

test("a new webhook", async () => {
  const { made, who, person, page } = await editor();
  await page.goto(`/projects/${made.projectId}/branches/main/data-sources`);
  await titled(page, "Data Sources");
  await page.getByRole("button", { name: "New data source" }).click();
  await page.getByRole("menuitem", { name: "Incoming Webhook" }).click();
  const dialog = page.getByRole("dialog", { name: "New incoming webhook" });
  await dialog.getByLabel("Name").fill("half-filled");
  await dialog.getByLabel("Description").fill("From the shop");
  await lostTwice({ page, who }, {
    send: () => dialog.getByRole("button", { name: "Create" }).click({ timeout: 5_000 }),
    kept: async () => {
      expect(await dialog.getByLabel("Name").inputValue()).toBe("half-filled");
      expect(await dialog.getByLabel("Description").inputValue()).toBe("From the shop");
    },
    through: () => titled(page, "half-filled"),
  });
  person.calm();
  await person.context.close();
});

test("a commit, with its choice and its message", async () => {
  const { made, who, person, page } = await editor();
  await dataSource(made, "orders");
  await dataSource(made, "payments");
  await page.goto(`/projects/${made.projectId}/branches/main/versions`);
  await titled(page, "Versions");
  await page.getByRole("row", { name: /payments/ }).getByRole("checkbox").uncheck();
  await page.getByLabel("Message").fill("Only the orders");
  const commit = page.getByRole("button", { name: "Commit 1 of 2 resources" });
  await lostTwice({ page, who }, {
    send: () => commit.click({ timeout: 5_000 }),
    kept: async () => {
      await commit.waitFor();
      expect(await page.getByLabel("Message").inputValue()).toBe("Only the orders");
    },
    through: () => page.getByText("Commit 1 was made").waitFor(),
  });
  person.calm();
  await person.context.close();
});

test("a drawing that is not saved", async () => {
  const { made, who, person, page } = await editor();
  const orders = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", orders, "output.a = 1;");
  await page.goto(`/projects/${made.projectId}/branches/main/processes/${process}`);
  await page.locator('.djs-shape[data-element-id="work"] > .djs-hit').first().click();
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("Still here");
  await lostTwice({ page, who }, {
    send: () => page.getByRole("button", { name: "Save", exact: true }).click({ timeout: 5_000 }),
    kept: async () => expect(await name.inputValue()).toBe("Still here"),
    through: () => page.getByText("Saved", { exact: true }).waitFor(),
  });
  const { length } = await page.locator(".djs-label", { hasText: "Still here" }).all();
  expect(length).toBe(1);
  person.calm();
  await person.context.close();
});
