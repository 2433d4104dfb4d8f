import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Person, start } from "./chromium";
import { commit, dataSource, project, scripted } from "./maker";
import { PASSWORD, account, asAdministrator, give, linkToken, onlyAdministrator, overflows, signedIn } from "./people";
import { accessibleInBoth, administrator, choose, newProject, titled } from "./runtime";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("a link sets the password once; wrong passwords are told, then slowed down", async () => {
  const ada = await account("Ada");
  const token = await linkToken(ada.id);
  const person = await Person.open(browser);
  const { page } = person;
  await page.goto(`/sign-in#${token}`);
  await page.getByText(`Welcome, ${ada.name}.`).waitFor();
  await accessibleInBoth(page, "a sign-in link");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await titled(page, "Projects");

  const again = await Person.open(browser);
  await again.page.goto(`/sign-in#${token}`);
  await again.page.getByText("This link does not work").waitFor();
  await accessibleInBoth(again.page, "a link that was used");
  await again.page.goto("/sign-in?to=%2Faccount");
  await again.page.reload();
  await again.page.getByLabel("E-mail").fill(ada.email.toUpperCase());
  const attempt = async (password: string) => {
    await again.page.getByLabel(/^Password/).fill(password);
    const answer = again.page.waitForResponse((response) => response.url().endsWith("/api/v1/session"));
    await again.page.getByRole("button", { name: "Sign in" }).click();
    return (await answer).status();
  };
  expect(await attempt("not the password at all")).toBe(401);
  await again.page.getByText("E-mail or password is wrong").waitFor();
  await accessibleInBoth(again.page, "a wrong password");
  expect(await attempt(PASSWORD)).toBe(200);
  await titled(again.page, "Your account");

  const stranger = await Person.open(browser);
  await stranger.page.goto("/sign-in");
  await stranger.page.getByLabel("E-mail").fill((await account("Guessed")).email);
  await stranger.page.getByLabel(/^Password/).fill("still not the password");
  for (let tries = 0; tries < 12 && !(await stranger.page.getByText("Too many wrong passwords").isVisible()); tries += 1) {
    await stranger.page.getByRole("button", { name: "Sign in" }).click();
    await stranger.page.getByRole("alert").waitFor();
    await stranger.page.waitForTimeout(400);
  }
  await stranger.page.getByText(/Too many wrong passwords\. Try again in \d+ seconds\./).waitFor();
  for (const each of [person, again, stranger]) {
    each.calm();
    await each.context.close();
  }
});

test("the account: roles, tokens, sessions, password", async () => {
  const made = await newProject("Account");
  const grace = await account("Grace");
  await give(made.projectId, grace.email, "editor");
  const person = await signedIn(browser, grace);
  const { page } = person;
  await person.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: inject("base") });
  await page.goto("/account");
  await titled(page, "Your account");
  await page.getByRole("table", { name: "Your roles" }).getByText("Editor").waitFor();

  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog", { name: "New token" });
  await dialog.getByLabel("Name").fill("pipeline");
  expect(await dialog.getByLabel("Give and take roles").count()).toBe(0);
  await dialog.getByLabel("Commit", { exact: true }).check();
  await dialog.getByRole("button", { name: "Create" }).click();
  const shown = page.getByRole("dialog", { name: "Your new token" });
  const secret = await shown.getByRole("textbox", { name: "pipeline" }).textContent();
  await shown.getByRole("button", { name: "Copy" }).click();
  await shown.getByText("Copied").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await accessibleInBoth(page, "a token that is shown once");
  await shown.getByRole("button", { name: "Done" }).click();
  const me = () => fetch(`${inject("base")}/api/v1/me`, { headers: { authorization: `Bearer ${secret}` } });
  expect((await me()).status).toBe(200);
  await choose(page, "pipeline", "Revoke");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("row", { name: /pipeline/ }).getByText("Revoked").waitFor();
  expect((await me()).status).toBe(401);

  const elsewhere = await Person.open(browser);
  const signIn = await elsewhere.context.request.post("/api/v1/session", { data: { email: grace.email, password: PASSWORD } });
  expect(signIn.status()).toBe(200);
  await page.reload();
  await page.getByText("This one").waitFor();
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End all others" }).click();
  await expect.poll(() => page.getByRole("button", { name: "End all others" }).count()).toBe(0);
  expect((await elsewhere.context.request.get("/api/v1/me")).status()).toBe(401);

  await page.getByLabel("Old password").fill("not my old password");
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("must have 15 to 128 characters").waitFor();
  await page.getByLabel("New password").fill("another water behind the gate");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("is not the password").waitFor();
  await accessibleInBoth(page, "a refused password");
  await page.getByLabel("Old password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password is changed.").waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => overflows(page)).toBe(false);
  person.calm();
  await person.context.close();
  await elsewhere.context.close();
});

test("members are added, changed and removed; an organization keeps an administrator", async () => {
  const made = await newProject("Members");
  const linus = await account("Linus");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/members`);
  await titled(page, "Members");
  await page.getByRole("button", { name: "Add member" }).click();
  const dialog = page.getByRole("dialog", { name: "Add member" });
  await dialog.getByLabel("E-mail").fill("nobody@example.com");
  await dialog.getByLabel("Viewer").check();
  await dialog.getByRole("button", { name: "Add" }).click();
  await dialog.getByText("must be the e-mail of a user").waitFor();
  await dialog.getByLabel("E-mail").fill(linus.email);
  await dialog.getByRole("button", { name: "Add" }).click();
  const row = page.getByRole("row", { name: new RegExp(linus.email) });
  await row.getByText("Viewer").waitFor();

  await choose(page, linus.name, "Change roles");
  const change = page.getByRole("dialog", { name: `Roles of ${linus.name}` });
  await change.getByLabel("Operator").check();
  // meanwhile somebody else changes it
  await asAdministrator()("PATCH", `/projects/${made.projectId}/members/${linus.id}`, { roles: ["editor"] });
  await change.getByRole("button", { name: "Change roles" }).click();
  await change.getByText("Somebody else has changed these roles meanwhile").waitFor();
  await accessibleInBoth(page, "roles that were changed meanwhile");
  await change.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => change.getByLabel("Editor").isChecked()).toBe(true);
  await change.getByLabel("Operator").check();
  await change.getByRole("button", { name: "Change roles" }).click();
  await row.getByText("Editor, Operator").waitFor();
  // one of the two is taken away
  await choose(page, linus.name, "Change roles");
  await change.getByLabel("Editor").uncheck();
  await change.getByRole("button", { name: "Change roles" }).click();
  await row.getByText("Operator", { exact: true }).waitFor();

  await choose(page, linus.name, "Remove");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await row.waitFor({ state: "detached" });
  await onlyAdministrator();
  await choose(page, "Administrator", "Remove");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("This is the only administrator of an organization").waitFor();
  await accessibleInBoth(page, "the last administrator");
  person.calm();
  await person.context.close();
});

test("users are made, let in, disabled and enabled", async () => {
  const person = await administrator(browser);
  const { page } = person;
  const email = `margaret-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const name = `Margaret ${"with a long name ".repeat(5)}`.trim();
  await page.goto("/users");
  await titled(page, "Users");
  await page.getByRole("button", { name: "New user" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByLabel("E-mail").fill("no e-mail");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("must be an e-mail address").waitFor();
  await accessibleInBoth(page, "a new user");
  await page.getByRole("dialog").getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: "Make sign-in link" }).click();
  const url = await page.getByRole("textbox", { name: "Sign-in link" }).textContent();
  expect(url).toMatch(/\/sign-in#[\w-]{43}$/);
  await accessibleInBoth(page, "a sign-in link that is shown once");
  await page.getByRole("button", { name: "Done" }).click();

  await page.goto(`/users?email=${encodeURIComponent(email)}`);
  const row = page.getByRole("row", { name: new RegExp(email) });
  await row.getByText("No password yet").waitFor();
  expect(await page.getByRole("button", { name: /^Actions of/ }).count()).toBe(1);
  await choose(page, name, "Disable");
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await row.getByText("Disabled").waitFor();
  await choose(page, name, "Enable");
  await page.getByRole("dialog").getByRole("button", { name: "Enable" }).click();
  await row.getByText("No password yet").waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => overflows(page)).toBe(false);
  person.calm();
  await person.context.close();
});

test("the audit is filtered in the address, verified and exported", async () => {
  const made = await project(inject("base"), inject("token"), `Audit ${crypto.randomUUID().slice(0, 8)}`);
  await made.call("POST", "/branches/main/data-sources", { name: "orders" });
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/audit`);
  await titled(page, "Audit");
  await page.getByRole("button", { name: "Made the project" }).waitFor();
  await page.getByPlaceholder("Any action").click();
  await page.getByRole("option", { name: "Made a data source" }).click();
  await page.waitForURL(/action=data-source\.create/);
  await page.getByRole("button", { name: "Made the project" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Made a data source" }).click();
  await page.getByRole("dialog").getByText("data-source.create").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Export" }).click();
  const address = await page.getByRole("menuitem", { name: /CSV/ }).getAttribute("href");
  const csv = await (await person.context.request.get(address ?? "")).text();
  await page.keyboard.press("Escape");
  expect(csv.trim().split("\r\n")).toHaveLength(2);
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("Yes, it is intact").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "orders" }).click();
  await titled(page, "orders");
  await page.goto("/audit");
  await titled(page, "Installation audit");
  await page.getByRole("button", { name: "Made the project" }).first().waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => overflows(page)).toBe(false);
  person.calm();
  await person.context.close();
});

test("a viewer is not offered what they may not, and is told why where they come by an address", async () => {
  const made = await newProject("Viewer");
  const source = await dataSource(made, "orders");
  await scripted(made, "intake", source, "1");
  await commit(made);
  const viewer = await account("Viewer");
  await give(made.projectId, viewer.email, "viewer");
  const person = await signedIn(browser, viewer);
  const { page } = person;
  await page.goto(`/projects/${made.projectId}/triggers`);
  await titled(page, "Manage Triggers");
  const pages = page.getByLabel("Pages");
  await pages.getByRole("link", { name: "Events" }).waitFor();
  await expect.poll(() => pages.getByRole("link", { name: "Members" }).count()).toBe(0);
  expect(await pages.getByRole("link", { name: "Audit" }).count()).toBe(0);
  // what is in sight and may not be used says why, and does nothing
  await page.getByRole("button", { name: "Actions of orders" }).click();
  const activate = page.getByRole("menuitem", { name: "Activate" });
  await activate.hover();
  await page.getByRole("tooltip", { name: /Your role does not let you activate and deactivate triggers/ }).waitFor();
  expect(await activate.getAttribute("aria-disabled")).toBe("true");
  await activate.click({ force: true });
  expect((await made.call<{ items: { state: string }[] }>("GET", "/triggers")).items.map((trigger) => trigger.state)).toEqual(["Deactivated"]);
  await page.goto(`/projects/${made.projectId}/members`);
  await page.getByText("Your role does not let you give and take roles.").waitFor();
  await page.goto("/users");
  await page.getByRole("alert").first().waitFor();
  await page.getByRole("button", { name: viewer.name }).click();
  await page.getByRole("menuitem", { name: "Your account" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Users" }).count()).toBe(0);
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  expect((await person.context.request.get("/api/v1/me")).status()).toBe(401);
  person.calm();
  await person.context.close();
});
