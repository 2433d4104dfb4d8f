// The active policy: pinned to a commit and back, with what it does to triggers told before.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "./chromium";
import { hasFocus } from "./keyboard";
import { commit, dataSource, scripted, webhook } from "./maker";
import { administrator, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("one commit is pinned, which takes an active trigger off the list, and then the latest runs again", async () => {
  const made = await newProject("Policy");
  const orders = await dataSource(made, "orders");
  await commit(made, "Only the webhook");
  await scripted(made, "order-intake", orders, "output.seen = 1;");
  await commit(made, "With its process");
  await webhook(made, orders);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/policy`);
  await titled(page, "Active Policy");
  await page.getByText("Commit 2: With its process").waitFor();
  await page.getByText("Latest on main").waitFor();

  await page.getByRole("radio", { name: "One commit" }).click();
  await page.getByPlaceholder("Number, message or branch").fill("only the");
  await page.getByRole("option", { name: /Only the webhook/ }).click();
  await page.getByText("active now; goes off the list, its URL will answer 404").waitFor();
  await page.getByRole("button", { name: "Apply…" }).click();
  const dialog = page.getByRole("dialog", { name: "Apply this policy?" });
  await dialog.getByText("Commit 1 of main will run: Only the webhook").waitFor();
  await dialog.getByRole("button", { name: "Apply and take them off" }).click();
  await page.getByText("1 trigger went off the list.").waitFor();
  await expect.poll(() => hasFocus(page.getByRole("status").filter({ hasText: "The policy was applied" }))).toBe(true);
  await page.getByText("Pinned", { exact: true }).waitFor();
  const pinned = await made.call<{ kind: string }>("GET", "/active-policy");
  expect(pinned.kind).toBe("pinned");

  await page.getByRole("radio", { name: "Latest commit on a branch" }).click();
  await page.getByText("back on the list, active as it was").waitFor();
  await page.getByRole("button", { name: "Apply…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByText("1 trigger is back on the list.").waitFor();
  await page.getByText("Commit 2: With its process").waitFor();
  const { items } = await made.call<{ items: { state: string }[] }>("GET", "/triggers");
  expect(items.map((one) => one.state)).toEqual(["Active"]);
  person.calm();
  await person.context.close();
});
