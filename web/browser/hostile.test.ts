// Bar 24: whatever is written anywhere stays text on every page that shows it. Heard are dialogs, the console, the page's
// own event of violations, and what the browser reports to an endpoint of this test.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Person, start } from "./chromium";
import { BROUGHT_IN, type Hostile, LINE, NAME, hostile } from "./hostile";
import { until } from "./maker";
import { overflows, signedIn } from "./people";
import { administrator, newProject } from "./runtime";

let browser: Browser;
const reports: string[] = [];
let all: Hostile;
beforeAll(async () => {
  browser = await start();
  all = await hostile();
});
afterAll(() => browser.close());

/** Nothing of it is more than text, and the page has kept its width. */
async function harmless(page: Page, what: string): Promise<void> {
  const brought = await page.evaluate((selector) => [...document.querySelectorAll(selector)].map((one) => one.outerHTML.slice(0, 200)), BROUGHT_IN);
  expect([what, brought]).toEqual([what, []]);
  expect([what, await overflows(page)]).toEqual([what, false]);
}

async function calm(person: Person): Promise<void> {
  person.calm();
  await person.context.close();
  expect(reports).toEqual([]);
}

const below = (path: string) => `/projects/${all.made.projectId}${path}`;
const main = (path: string) => below(`/branches/main${path}`);

test("a script that was brought into a page does not run, and is heard of twice", async () => {
  const heard: string[] = [];
  const planted = `<script>document.title = "taken"; window.taken = true;</script><img src=x onerror="window.taken = true">`;
  const person = await Person.open(browser, { reports: heard, planted });
  await person.page.goto("/sign-in");
  await person.page.getByLabel("E-mail").waitFor();
  await until("the reports", async () => heard.some((one) => one.includes("script-src-elem")) && heard.some((one) => one.includes("script-src-attr")));
  expect(person.complaints.filter((one) => one.startsWith("forbidden: script-src")).length).toBeGreaterThanOrEqual(1);
  expect(await person.page.evaluate(() => "taken" in window)).toBe(false);
  expect(await person.page.locator(BROUGHT_IN).count()).toBeGreaterThanOrEqual(2);
  await person.context.close();
});

test("every answer has the headers that keep a page to itself", async () => {
  const index = await (await fetch(inject("base"))).text();
  const script = /src="(\/assets\/[^"]+)"/.exec(index)?.[1] ?? "";
  for (const path of ["/", "/projects/x/triggers", "/sign-in", script, "/mark.svg", "/assets/none.js", "/api/none", "/api/v1/me", "/webhooks/none", "/healthz", "/readyz", "/metrics"]) {
    const { headers } = await fetch(inject("base") + path);
    const read = (name: string) => headers.get(name) ?? "";
    expect([path, read("x-content-type-options"), read("referrer-policy")]).toEqual([path, "nosniff", "no-referrer"]);
    if (!read("content-type").startsWith("text/html")) continue;
    for (const rule of ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]) {
      expect([path, read("content-security-policy").split(/; */).includes(rule)]).toEqual([path, true]);
    }
  }
});

test("labels, documentation, payloads, headers, names and causes are text on every page", async () => {
  const person = await administrator(browser, { reports });
  const { page } = person;
  const pages: [path: string, shown: string][] = [
    ["/projects", NAME],
    [main("/processes"), "harm[process]"],
    [main("/data-sources"), "harm[1](2).alert"],
    [main(`/data-sources/${all.dataSourceId}`), LINE.slice(0, 30)],
    [main("/versions"), "harm[process]"],
    [main("/versions/commits"), LINE],
    [main(`/versions/commits/${all.commitId}`), LINE],
    [main(`/versions/commits/${all.commitId}/${all.processId}`), "harm[process]"],
    [main(`/versions/commits/${all.commitId}/${all.dataSourceId}`), NAME],
    [main(`/versions/changes/${all.dataSourceId}`), NAME],
    [main(`/versions/changes/${all.processId}`), NAME],
    [below("/triggers"), "harm[1](2).alert"],
    [below("/failed-triggers"), NAME],
    [below("/failed-triggers?view=causes"), NAME],
    [below(`/failed-triggers/${all.failedId}`), LINE],
    [below(`/failed-triggers/${all.refusedId}`), "harm[1](2).alert"],
    [below("/instances"), "harm[process]"],
    [below(`/instances/${all.instanceId}`), NAME],
    [below(`/instances/${all.incidentId}`), NAME],
    [below("/events"), "harm[1](2).alert"],
    [below(`/events/${all.eventId}`), NAME],
    [below("/policy"), LINE],
    [below("/members"), NAME],
    [below("/audit"), "Made the project"],
    [`/users?email=${encodeURIComponent(all.writer.email)}`, NAME],
    ["/audit", "Made the project"],
  ];
  for (const [path, shown] of pages) {
    await page.goto(path);
    await page.getByText(shown).filter({ visible: true }).first().waitFor();
    await expect.poll(() => page.locator(".mantine-Skeleton-root").count()).toBe(0);
    await harmless(page, path);
  }
  await calm(person);
});

test("what opens on them is text too: trees, differences, menus, dialogs, the palette", async () => {
  const person = await administrator(browser, { reports, still: true });
  const { page } = person;
  await page.goto(below(`/instances/${all.incidentId}`));
  await page.getByRole("button", { name: "Open all" }).click();
  await page.getByText("<iframe srcdoc=").first().waitFor();
  await harmless(page, "the tree of variables");
  await page.getByRole("button", { name: "Change variables" }).click();
  await page.getByRole("textbox", { name: "Values to merge (JSON)" }).fill(`{"${NAME}": }`);
  await page.getByText("This is no JSON").waitFor();
  await harmless(page, "variables to merge");

  await page.goto(main(`/versions/changes/${all.processId}`));
  await page.getByRole("button", { name: /work harm/ }).first().click();
  await page.getByText("output.now =").first().waitFor();
  await harmless(page, "the difference of an element");

  await page.goto(below("/audit"));
  await page.getByRole("button", { name: "Made the project" }).first().click();
  await page.getByRole("dialog").waitFor();
  await harmless(page, "an audit entry");
  await page.goto(below("/members"));
  await page.getByRole("button", { name: `Actions of ${NAME}` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByText("harm<img").first().waitFor();
  await harmless(page, "removing a member");

  await page.goto("/projects");
  await page.getByRole("button", { name: `Actions of ${NAME}` }).first().click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByText("harm<img").first().waitFor();
  await harmless(page, "deleting a project");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("harm");
  await page.getByRole("option", { name: /harm<img/ }).first().waitFor();
  await harmless(page, "the palette");
  await calm(person);
});

test("the designer shows, tries, imports and pastes it as text", async () => {
  const person = await administrator(browser, { reports });
  const { page } = person;
  await page.goto(main(`/processes/${all.processId}`));
  await page.locator(".djs-shape").first().waitFor();
  const canvas = page.locator(".djs-container svg[tabindex]");
  const hit = (id: string) => page.locator(`.djs-shape[data-element-id="${id}"] > .djs-hit`).first();
  await hit("work").click();
  await expect.poll(() => page.getByRole("textbox", { name: "Documentation" }).inputValue()).toContain("<iframe");
  await harmless(page, "the panel");
  for (const key of ["a", "r", "c"]) {
    await canvas.focus();
    await page.keyboard.press(key);
    await page.locator(".djs-popup").waitFor();
    await harmless(page, `the menu of ${key}`);
    await page.keyboard.press("Escape");
    await page.locator(".djs-popup").waitFor({ state: "detached" });
  }
  // a name is typed on the diagram; markup from another program is pasted into it
  await canvas.focus();
  await page.keyboard.press("e");
  const editing = page.locator(".djs-direct-editing-content");
  await editing.waitFor();
  await page.keyboard.press("Control+a");
  await editing.evaluate((into, markup) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", markup);
    clipboardData.setData("text/plain", markup);
    into.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, NAME);
  await harmless(page, "pasting into a label");
  await page.keyboard.press("Control+Enter");
  await canvas.click({ position: { x: 400, y: 20 } });
  await page.getByRole("tab", { name: "Try" }).click();
  await page.getByLabel("Sample payload").last().fill(JSON.stringify({ harm: NAME }));
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.getByRole("list", { name: "The way it took" }).getByText("harm<img").first().waitFor();
  await harmless(page, "a trial");
  // a file that is none, with a name to match
  await page.getByRole("button", { name: "Import, export, keys" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("menuitem", { name: /^Import/ }).click()]);
  await chooser.setFiles({ name: "<img src=x onerror=alert(9)>.bpmn", mimeType: "application/xml", buffer: Buffer.from(`<${NAME}`) });
  await page.getByRole("alert").first().waitFor();
  await harmless(page, "a file that is none");
  await calm(person);
});

test("a member's name, tokens and browser are text, and no address leads elsewhere", async () => {
  const person = await signedIn(browser, all.writer, { reports, userAgent: `${NAME} ${LINE}` });
  const { page } = person;
  await person.context.request.post("/api/v1/tokens", { data: { name: NAME, scopes: ["project:read"] }, headers: { "sec-fetch-site": "same-origin" } });
  await page.goto("/account");
  await page.getByText("This one").waitFor();
  await page.getByRole("table", { name: "Sessions" }).getByText("harm<img").first().waitFor();
  await harmless(page, "the account");
  await page.getByRole("button", { name: /^harm<img/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  await harmless(page, "the user's menu");
  const other = await newProject("Addresses");
  const script = encodeURIComponent(NAME);
  for (const path of [`/projects/${script}/triggers`, `/projects/${other.projectId}/instances?status=${script}&name=${script}`, below(`/failed-triggers/${script}`), below(`/branches/${script}/processes`), `/${script}`]) {
    await page.goto(path);
    await page.getByRole("heading").or(page.getByRole("alert")).first().waitFor();
    await harmless(page, path);
  }
  await page.context().clearCookies();
  for (const to of ["javascript:alert(10)", "//example.com/", "https://example.com/", "/\\example.com"]) {
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel("E-mail").fill(all.writer.email);
    await page.getByLabel(/^Password/).fill("water behind the gate");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Projects" }).waitFor();
    expect(new URL(page.url()).origin).toBe(inject("base"));
    await page.context().clearCookies();
  }
  await calm(person);
});
