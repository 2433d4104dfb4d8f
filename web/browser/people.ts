// People with accounts of their own, signed in by the cookie as anybody would be.
import type { Browser, Page } from "playwright-core";
import { inject } from "vitest";
import { Person, type Window } from "./chromium";
import { caller } from "./maker";

/** What everybody here has for a password. */
export const PASSWORD = "water behind the gate";

/** Somebody with an account, without a window yet. */
export interface Account {
  id: string;
  email: string;
  name: string;
}

/** The API as the administrator. */
export const asAdministrator = () => caller(inject("base"), inject("token"));

/** A new account without a password. */
export async function account(name: string): Promise<Account> {
  const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]/g, "-").slice(0, 30)}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const { id } = await asAdministrator()<{ id: string }>("POST", "/users", { email, name });
  return { id, email, name };
}

/** Where everybody of these tests is. */
async function organization(): Promise<string> {
  const { items } = await asAdministrator()<{ items: { id: string }[] }>("GET", "/organizations");
  return `/organizations/${items[0]?.id ?? ""}`;
}

/** Somebody who may do everything, with sessions of their own instead of a token. */
export async function administratorAccount(name: string): Promise<Account> {
  const made = await account(name);
  await asAdministrator()("POST", `${await organization()}/members`, { email: made.email, roles: ["admin"] });
  return made;
}

/** The installation's first administrator is the only one again, whatever tests have left. */
export async function onlyAdministrator(): Promise<void> {
  const at = await organization();
  const { items } = await asAdministrator()<{ items: { userId: string; email: string }[] }>("GET", `${at}/members?limit=200`);
  for (const { userId, email } of items) if (email.endsWith("@example.com")) await asAdministrator()("DELETE", `${at}/members/${userId}`);
}

/** The token of a new sign-in link: what stands after #. */
export async function linkToken(userId: string): Promise<string> {
  const { url } = await asAdministrator()<{ url: string }>("POST", `/users/${userId}/sign-in-link`);
  return url.split("#")[1] ?? "";
}

/** A window in which this person is signed in. */
export async function signedIn(browser: Browser, { id }: Account, window: Window = {}): Promise<Person> {
  const person = await Person.open(browser, window);
  const answer = await person.context.request.post("/api/v1/sign-in-link/redeem", { data: { token: await linkToken(id), password: PASSWORD } });
  if (!answer.ok()) throw new Error(await answer.text());
  return person;
}

/** Gives a role in a project. */
export const give = (projectId: string, email: string, role: string) => asAdministrator()("POST", `/projects/${projectId}/members`, { email, roles: [role] });

/** Whether the page is wider than the window. */
export const overflows = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
