// What the tests of the runtime pages share: a window of the administrator, and rows to look at.
import type { Browser, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { accessible } from "./axe";
import { Person, type Window } from "./chromium";
import { type Made, project } from "./maker";

/** A window of somebody who may do everything. */
export async function administrator(browser: Browser, window: Window = {}): Promise<Person> {
  const person = await Person.open(browser, window);
  await person.context.setExtraHTTPHeaders({ authorization: `Bearer ${inject("token")}` });
  return person;
}

/** A new project of this test. */
export function newProject(name: string): Promise<Made> {
  return project(inject("base"), inject("token"), `${name} ${crypto.randomUUID().slice(0, 8)}`);
}

/** The menu of a row. */
export async function choose(page: Page, row: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions of ${row}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Does many things, some at once. */
export async function many(count: number, atOnce: number, one: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Nothing is found on the page in either theme. */
export async function accessibleInBoth(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // colours change over a moment
    await page.waitForTimeout(300);
    await accessible(page, `${what}, ${colorScheme}`);
  }
}

/** The heading of a page is there. */
export async function titled(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  expect(await page.title()).toMatch(/ · Forebay$/);
}
