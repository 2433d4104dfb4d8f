import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { accessible } from "./axe";
import { Person, start } from "./chromium";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test.each(["light", "dark"] as const)("the sign-in page, %s", async (scheme) => {
  const person = await Person.open(browser, { scheme });
  await person.page.goto("/projects");
  await person.page.waitForURL(/\/sign-in/);
  await person.page.getByLabel("E-mail").waitFor();
  await accessible(person.page, `sign-in, ${scheme}`);
  person.calm();
  await person.context.close();
});

test("paths of the API and of files are never the page", async () => {
  const base = inject("base");
  for (const path of ["/api/nope", "/assets/nope.js", "/webhooks/nope"]) {
    const answer = await fetch(base + path);
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([path, 404, "application/problem+json"]);
  }
  const page = await fetch(`${base}/projects/anything`);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
});
