// Versions: chosen resources are committed or discarded, old commits are looked at and restored from, branches meet.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { commit, dataSource, rescript, scripted, webhook } from "./maker";
import { accessibleInBoth, administrator, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

interface Items {
  items: { name: string; id: string; message: string }[];
}

test("chosen resources are committed; problems are told before, with the way to the element", async () => {
  const made = await newProject("Commit");
  const orders = await dataSource(made, "orders");
  await dataSource(made, "later");
  await scripted(made, "order-intake", orders, "output.seen = 1;");
  await made.call("POST", "/branches/main/process-definitions", { name: "unfinished" });
  const person = await administrator(browser);
  const { page } = person;
  const refused: string[] = [];
  page.on("response", (answer) => answer.status() >= 400 && answer.url().endsWith("/preview") && refused.push(`${answer.status()} ${answer.url()}`));
  await page.goto(`/projects/${made.projectId}/branches/main/versions`);
  await titled(page, "Versions");
  await page.getByRole("link", { name: /unfinished ›/ }).waitFor();
  await accessibleInBoth(page, "work in progress with a problem");
  await page.getByLabel("Message").fill("First");
  await page.getByRole("button", { name: "Commit 4 resources" }).click();
  await page.getByText("1 problem keeps this from being committed.").waitFor();

  for (const name of ["unfinished", "later"]) await page.getByRole("row", { name: new RegExp(name) }).getByRole("checkbox").click();
  await page.getByText(/a trigger is made; it begins deactivated/).waitFor();
  await page.getByRole("button", { name: "Commit 2 of 4 resources" }).click();
  await page.getByText("Commit 1 was made").waitFor();
  await page.getByText("1 trigger was made. It begins deactivated").waitFor();
  await accessibleInBoth(page, "a commit was made");
  const left = await made.call<Items>("GET", "/branches/main/changes");
  expect(left.items.map((one) => one.name).toSorted()).toEqual(["later", "unfinished"]);
  // what was committed is not asked for any more
  await page.getByRole("row", { name: /order-intake/ }).waitFor({ state: "detached" });
  expect(refused).toEqual([]);

  await page.getByRole("tab", { name: "Commits" }).click();
  await page.getByRole("link", { name: "First" }).click();
  await titled(page, "First");
  await page.getByText("Running").waitFor();
  await page.getByRole("link", { name: "order-intake" }).click();
  await page.locator("svg[data-element-id=p], .djs-container").first().waitFor();
  person.calm();
  await person.context.close();
});

test("the difference is painted and listed; discarded it is gone, restored it is back", async () => {
  const made = await newProject("Difference");
  const orders = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", orders, "output.first = 1;\noutput.same = 2;");
  await commit(made, "First");
  await rescript(made, process, orders, "output.first = 3;\noutput.same = 2;");
  await commit(made, "Second");
  await rescript(made, process, orders, "output.first = 4;\noutput.same = 2;");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/versions`);
  await page.getByRole("link", { name: "order-intake" }).click();
  await titled(page, "order-intake");
  await page.locator("[data-element-id=work].mark-changed").waitFor();
  await page.getByRole("button", { name: /Work/ }).click();
  await page.getByText("output.first = 3;").waitFor();
  await page.getByText("output.first = 4;").waitFor();
  await page.locator("[data-element-id=work].selected, [data-element-id=work].mark-changed").first().waitFor();
  await accessibleInBoth(page, "a difference");

  await page.getByRole("button", { name: "Discard…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await page.getByText("Nothing to commit").waitFor();

  await page.getByRole("tab", { name: "Commits" }).click();
  await page.getByRole("link", { name: "First" }).click();
  await page.getByRole("row", { name: /order-intake/ }).getByRole("checkbox").click();
  await page.getByRole("button", { name: "Restore 1 resource…" }).click();
  await page.getByRole("button", { name: "Restore into main" }).click();
  await page.getByRole("row", { name: /order-intake/ }).getByText("Changed").waitFor();
  person.calm();
  await person.context.close();
});

test("a commit that takes an active trigger off the list asks first", async () => {
  const made = await newProject("Unlink");
  const orders = await dataSource(made, "orders");
  const process = await scripted(made, "order-intake", orders, "output.seen = 1;");
  await commit(made);
  await webhook(made, orders);
  await made.call("DELETE", `/branches/main/process-definitions/${process}`);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/versions`);
  await page.getByLabel("Message").fill("Without the process");
  await page.getByText("active now; goes off the list").waitFor();
  await page.getByRole("button", { name: "Commit 1 resource" }).click();
  const dialog = page.getByRole("dialog", { name: "Take active triggers off?" });
  await dialog.getByText("orders", { exact: true }).waitFor();
  await accessibleInBoth(page, "asking before triggers go off the list");
  await dialog.getByRole("button", { name: "Commit and take them off" }).click();
  await page.getByText("1 trigger went off the list.").waitFor();
  expect((await made.call<Items>("GET", "/triggers")).items).toEqual([]);
  person.calm();
  await person.context.close();
});

test("a branch is made from a commit, changed, brought back with a conflict, renamed and deleted", async () => {
  const made = await newProject("Branches");
  const orders = await dataSource(made, "orders");
  await scripted(made, "order-intake", orders, "output.seen = 1;");
  await commit(made, "First");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/branches/main/versions`);
  await page.getByRole("button", { name: "Branch main" }).click();
  await page.getByRole("menuitem", { name: "New branch…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("not good");
  await page.getByText("Only a-z A-Z 0-9 . _ -, beginning with a letter or a digit.").waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill("next");
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/branches\/next\/versions$/);
  await made.call("PATCH", `/branches/next/data-sources/${orders}`, { description: "theirs" });
  await made.call("POST", "/branches/next/data-sources", { name: "returns" });
  await made.call("POST", "/branches/next/commits", { message: "On next" });
  await made.call("PATCH", `/branches/main/data-sources/${orders}`, { description: "mine" });

  await page.goto(`/projects/${made.projectId}/branches/main/versions/bring?from=next`);
  await titled(page, "Bring into main");
  await page.getByText("Conflict: changed on both sides").waitFor();
  await accessibleInBoth(page, "bringing with a conflict");
  expect(await page.getByRole("button", { name: /^Bring / }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Difference of orders" }).click();
  await page.getByRole("dialog").getByText("new: theirs").waitFor();
  await accessibleInBoth(page, "mine and theirs");
  await page.keyboard.press("Escape");
  await page.getByRole("radiogroup", { name: "Whose orders" }).getByText("Theirs").click();
  await page.getByRole("button", { name: "Bring 2 resources" }).click();
  await page.getByRole("link", { name: "returns" }).waitFor();
  const now = await made.call<{ description: string }>("GET", `/branches/main/data-sources/${orders}`);
  expect(now.description).toBe("theirs");

  await made.call("POST", "/branches/next/data-sources", { name: "open-work" });
  await page.goto(`/projects/${made.projectId}/branches/next/versions`);
  await page.getByRole("button", { name: "Branch next" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("after");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.waitForURL(/\/branches\/after\/versions$/);
  await page.getByRole("button", { name: "Branch after" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByText("open-work").waitFor();
  await accessibleInBoth(page, "what a branch would lose");
  await page.getByRole("button", { name: "Delete, and lose 1 change" }).click();
  await page.waitForURL(/\/branches\/main\/versions$/);
  expect((await made.call<Items>("GET", "/branches")).items.map((one) => one.name)).toEqual(["main"]);
  person.calm();
  await person.context.close();
});
