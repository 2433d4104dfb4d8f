// Processes: listed, drawn by mouse and by keyboard, checked, saved, and what happens when two save.
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { accessible } from "./axe";
import { Person, type Window, start } from "./chromium";
import { type Made, commit, dataSource, post, project, scripted, webhook } from "./maker";

let browser: Browser;
let made: Made;
let orders: string;

beforeAll(async () => {
  browser = await start();
});
// a project for each try: what an earlier one left does not stand in its way
beforeEach(async () => {
  made = await project(inject("base"), inject("token"), `designer ${crypto.randomUUID()}`);
  orders = await dataSource(made, "orders");
});
afterAll(() => browser.close());

/** Somebody who is signed in. */
async function open(window: Window = {}): Promise<Person> {
  const person = await Person.open(browser, window);
  await person.context.setExtraHTTPHeaders({ authorization: `Bearer ${inject("token")}` });
  person.page.setDefaultTimeout(20_000);
  return person;
}

async function close(person: Person): Promise<void> {
  person.calm();
  await person.context.close();
}

const list = () => `/projects/${made.projectId}/branches/main/processes`;

async function design(page: Page, id: string): Promise<void> {
  await page.goto(`${list()}/${id}`);
  await page.locator(".djs-shape").first().waitFor();
}

const shape = (page: Page, id: string) => page.locator(`.djs-shape[data-element-id="${id}"] > .djs-hit`).first();
const file = async (id: string) => {
  const path = `/api/v1/projects/${made.projectId}/branches/main/process-definitions/${id}/bpmn`;
  return (await fetch(inject("base") + path, { headers: { authorization: `Bearer ${inject("token")}` } })).text();
};
const save = async (page: Page) => {
  await page.keyboard.press("Control+s");
  await page.getByText("Saved", { exact: true }).waitFor();
};
const newProcess = async (name: string, bpmn?: string) => {
  const process = await made.call<{ resourceDefinitionId: string }>("POST", "/branches/main/process-definitions", { name, ...(bpmn ? { bpmn } : {}) });
  return process.resourceDefinitionId;
};

test("a newcomer makes a process, chooses the webhook, draws by mouse and saves; it is the same after a reload", async () => {
  const person = await open();
  const { page } = person;
  await page.goto(list());
  await page.getByRole("button", { name: "New process" }).first().click();
  await page.getByLabel("Name").fill("by-mouse");
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator(".djs-shape").first().waitFor();
  // the start event is ready, and stays so when it is clicked
  await shape(page, "Start_1").click();
  await page.getByRole("heading", { name: "Process Trigger" }).waitFor();
  // the panel says what is missing
  await page.getByRole("list", { name: "Problems" }).getByText(/webhook/).first().click();
  await page.getByRole("heading", { name: "Process Trigger" }).waitFor();
  await page.getByRole("combobox", { name: "Select Webhook" }).click();
  await page.getByRole("option", { name: "orders" }).click();
  await page.getByText("No problems. This process can be committed.").waitFor();
  // a script task from the palette onto the canvas, then joined from the panel
  await page.locator('.djs-palette [data-action="create.script-task"]').click();
  const canvas = (await page.locator(".djs-container").boundingBox())!;
  await page.mouse.move(canvas.x + 400, canvas.y + 330);
  await page.mouse.click(canvas.x + 400, canvas.y + 340);
  await page.getByRole("textbox", { name: "Script" }).fill("output.seen = webhookData.payload;");
  await page.getByRole("textbox", { name: "Name" }).fill("Look <b>at</b> it");
  await page.getByRole("combobox", { name: "Connect to" }).click();
  await page.getByRole("option", { name: /End_1/ }).click();
  await save(page);
  // what is saved is committed next: the way to it stands beside Save, and the message is what is typed
  const saved = page.url();
  await page.getByRole("link", { name: "Commit…" }).click();
  await page.getByRole("heading", { level: 1, name: "Versions" }).waitFor();
  await expect.poll(() => page.getByLabel("Message").evaluate((field) => field === document.activeElement)).toBe(true);
  await page.goto(saved);
  await page.getByText("Look <b>at</b> it").first().waitFor();
  const before = await file(await idOf(page));
  expect(before).toContain(`<forebay:processTrigger triggerType="incomingWebhook" dataSource="${orders}" />`);
  expect(before).toContain("<bpmn:script>output.seen = webhookData.payload;</bpmn:script>");
  await page.reload();
  await page.getByText("Look <b>at</b> it").first().waitFor();
  await shape(page, "Start_1").click();
  await expect.poll(() => page.getByRole("combobox", { name: "Select Webhook" }).inputValue()).toBe("orders");
  await close(person);
});

const idOf = async (page: Page) => decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1) ?? "");

test("everything can be drawn with the keyboard alone", async () => {
  const id = await newProcess("by-keyboard");
  const person = await open();
  const { page } = person;
  // a busy machine, whose timers are late: no key is lost while the canvas waits for one
  await page.addInitScript(() => {
    const timer = window.setTimeout.bind(window);
    window.setTimeout = ((act: () => void, wait?: number) => timer(act, wait || 400)) as typeof window.setTimeout;
  });
  await design(page, id);
  // a new process begins with what has to be done first: its start event has no webhook
  await page.getByRole("heading", { name: "Message start event" }).waitFor();
  await page.locator(".djs-container svg[tabindex]").focus();
  await page.keyboard.press("j"); // the next from the left
  await page.getByRole("heading", { name: "Flow", exact: true }).waitFor();
  await page.keyboard.press("k"); // and back
  await page.getByRole("heading", { name: "Message start event" }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("combobox", { name: "Append element" }).pressSequentially("exclusive");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Exclusive gateway" }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("combobox", { name: "Append element" }).pressSequentially("script");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Script task" }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("option", { name: /End_1/ }).waitFor();
  await page.keyboard.press("Enter"); // the first one: the end
  await save(page);
  const xml = await file(id);
  expect(xml).toMatch(/<bpmn:sequenceFlow [^>]*sourceRef="Start_1" targetRef="Gateway_/);
  expect(xml).toMatch(/<bpmn:sequenceFlow [^>]*sourceRef="Gateway_\w+" targetRef="Activity_/);
  expect(xml).toMatch(/<bpmn:sequenceFlow [^>]*sourceRef="Activity_\w+" targetRef="End_1"/);
  await close(person);
});

test("each act is one step of undo", async () => {
  const id = await scripted(made, "one-step", orders, "output.a = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  const before = await page.evaluate(() => document.querySelectorAll(".djs-element").length);
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).press("End");
  await page.keyboard.type(" harder");
  await page.locator('.djs-context-pad [data-action="append.exclusive-gateway"]').click();
  await page.getByRole("heading", { name: "Exclusive gateway" }).waitFor();
  // it stands before the end that followed, not beside it
  await page.getByRole("button", { name: /^to / }).waitFor();
  expect(await page.locator(".djs-connection").count()).toBe(3);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => page.evaluate(() => document.querySelectorAll(".djs-element").length)).toBe(before);
  await shape(page, "work").click();
  await expect.poll(() => page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Work harder");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Work");
  await page.getByText("Saved", { exact: true }).waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Undo" }).isDisabled()).toBe(true);
  await close(person);
});

test("a pasted element shows its properties, though its name is chosen with it", async () => {
  const id = await scripted(made, "pasted", orders, "output.a = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await shape(page, "received").click();
  await page.getByRole("heading", { name: "Message start event" }).waitFor();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  const canvas = (await page.locator(".djs-container").boundingBox())!;
  await page.mouse.move(canvas.x + 300, canvas.y + 60);
  await page.mouse.click(canvas.x + 310, canvas.y + 60);
  await page.getByText("Not saved", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "Message start event" }).waitFor();
  await close(person);
});

test("saving keeps what is selected and what can be undone", async () => {
  const id = await scripted(made, "saved-and-undone", orders, "output.a = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Harder");
  const news = page.waitForResponse((answer) => answer.request().method() === "GET" && answer.url().endsWith("/bpmn"));
  await save(page);
  // what the server tells of the saving is read again, and changes nothing here
  await news;
  await page.getByRole("heading", { name: "Script task" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Work");
  await page.getByText("Not saved", { exact: true }).waitFor();
  await save(page);
  await close(person);
});

test("of two who save, the second sees both versions and decides", async () => {
  const id = await scripted(made, "two-windows", orders, "output.a = 1;");
  const [one, two] = await Promise.all([open(), open()]);
  await design(one.page, id);
  await design(two.page, id);
  await shape(two.page, "work").click();
  await two.page.getByRole("textbox", { name: "Name" }).fill("Twos");
  await shape(one.page, "work").click();
  await one.page.getByRole("textbox", { name: "Name" }).fill("Ones");
  await save(one.page);
  await two.page.keyboard.press("Control+s");
  const dialog = two.page.getByRole("dialog", { name: "Somebody else has saved this process" });
  await dialog.getByText("Ones").waitFor();
  await dialog.getByText("Twos").waitFor();
  await accessible(two.page, "conflict");
  // the first goes on meanwhile
  await one.page.getByRole("textbox", { name: "Name" }).fill("Ones again");
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await two.page.getByText("Saved", { exact: true }).waitFor();
  expect(await file(id)).toContain('name="Twos"');
  await one.page.keyboard.press("Control+s");
  await one.page.getByRole("button", { name: "Take theirs" }).click();
  await one.page.locator(".djs-visual").getByText("Twos").first().waitFor();
  await one.page.getByText("Saved", { exact: true }).waitFor();
  await close(one);
  await close(two);
});

test("problems lead to their element, and JavaScript that does not parse is marked in the editor", async () => {
  const id = await scripted(made, "broken", orders, "output.a = = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  const problem = page.getByRole("list", { name: "Problems" }).getByRole("button").first();
  await problem.getByText(/line 1/).waitFor();
  await page.locator(".mark-badge-error").waitFor();
  await problem.click();
  await page.getByRole("heading", { name: "Script task" }).waitFor();
  await page.locator(".cm-lint-marker-error").waitFor();
  await page.getByRole("textbox", { name: "Script" }).fill("output.a = 1;");
  await page.getByText("No problems. This process can be committed.").waitFor();
  await page.locator(".mark-badge-error").waitFor({ state: "detached" });
  await close(person);
});

test("what is typed in a script is completed", async () => {
  const id = await scripted(made, "completed", orders, "");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Script" }).click();
  await page.keyboard.type("output.x = web");
  await page.getByRole("option", { name: /webhookData/ }).first().waitFor();
  await page.waitForTimeout(200); // no key is taken for a choice right after the list came up
  await page.keyboard.press("Enter");
  await page.keyboard.type(".");
  await page.getByRole("option", { name: /payload/ }).waitFor();
  await close(person);
});

test("a draft is tried: its way is painted, and every figure of its variables stays", async () => {
  const id = await scripted(made, "tried", orders, "output.twice = webhookData.payload.amount * 2; output.same = webhookData.payload.id;");
  await commit(made);
  await post((await webhook(made, orders)).url, "{}");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await page.getByRole("tab", { name: "Try" }).click();
  // what is wrong with the payload is told at it
  await page.getByLabel("Sample payload").last().fill("{bad");
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.locator("[aria-invalid=true]").and(page.getByLabel("Sample payload")).waitFor();
  await page.getByText(/^Not valid JSON at byte/).waitFor();
  expect(await page.getByText(/not valid JSON at byte/i).count()).toBe(1);
  await page.getByLabel("Sample payload").last().fill('{"amount": 21, "id": 12345678901234567890123}');
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.getByRole("list", { name: "The way it took" }).getByText("Work").waitFor();
  await page.locator(".djs-connection.mark-path").first().waitFor({ state: "attached" });
  await page.getByText("12345678901234567890123").first().waitFor();
  await accessible(page, "try");
  // an incident is shown where it is
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Script" }).fill("nothing.there;");
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.locator(".mark-badge-incident").waitFor();
  await page.getByText("nothing is not defined").first().waitFor();
  // what was drawn since was not tried
  expect(await page.getByText("Of an earlier version").count()).toBe(0);
  await page.getByRole("textbox", { name: "Script" }).fill("output.a = 1;");
  await page.getByText("Of an earlier version").waitFor();
  // past events are told apart by the person's own clock; the exact time is behind it
  await page.getByText("Past event").click();
  await page.getByRole("combobox", { name: "Event" }).click();
  expect(await page.getByRole("option").first().innerText()).toMatch(/2\d{3}, \d\d:\d\d:\d\d/);
  expect(await page.getByRole("option").first().locator("span[title]").getAttribute("title")).toMatch(/\.\d{3} UTC$/);
  await close(person);
});

test("a lost connection and an ended session lose nothing", async () => {
  const id = await scripted(made, "lost", orders, "output.a = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Still here");
  await page.context().setOffline(true);
  await page.keyboard.press("Control+s");
  await page.getByRole("alert").getByText(/does not answer/).first().waitFor();
  await page.context().setOffline(false);
  const refused = { status: 401, contentType: "application/problem+json", body: '{"status":401,"title":"Unauthorized","code":"no-credentials","detail":"Sign in."}' };
  await page.route("**/bpmn", (route) => (route.request().method() === "PUT" ? route.fulfill(refused) : route.continue()));
  await page.keyboard.press("Control+s");
  const again = page.getByRole("dialog", { name: "Your session has ended" });
  await again.waitFor();
  await page.unroute("**/bpmn");
  await page.keyboard.press("Escape");
  await again.waitFor({ state: "hidden" });
  await save(page);
  expect(await file(id)).toContain('name="Still here"');
  await close(person);
});

test("files come in and go out: BPMN, SVG, PNG", async () => {
  const id = await scripted(made, "files", orders, "output.a = 1;");
  const person = await open({ scheme: "dark" });
  const { page } = person;
  await design(page, id);
  const out = async (name: string) => {
    await page.getByRole("button", { name: "Import, export, keys" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name }).click()]);
    return readFileSync(await download.path());
  };
  expect((await out("Export as .bpmn")).toString()).toContain("output.a = 1;");
  const svg = (await out("Export as SVG")).toString();
  expect(svg).toContain("<svg");
  expect(svg).not.toContain("var(--");
  expect((await out("Export as PNG")).subarray(1, 4).toString()).toBe("PNG");
  // a file without a layout is arranged, and is not saved until it is
  const bare = readFileSync("../e2e/fixtures/branching.bpmn", "utf8");
  await page.getByRole("button", { name: "Import, export, keys" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("menuitem", { name: /^Import/ }).click()]);
  await chooser.setFiles({ name: "bare.bpmn", mimeType: "application/xml", buffer: Buffer.from(bare) });
  await page.locator(".djs-visual").getByText("Large?").waitFor();
  await page.getByText("Not saved").waitFor();
  await page.getByText(/they were arranged/).waitFor();
  expect(await page.locator(".djs-connection").count()).toBe(4);
  expect(await file(id)).toContain("output.a = 1;");
  await close(person);
});

test("leaving with something unsaved is asked for, and a copy outlives the tab's page", async () => {
  const id = await scripted(made, "left", orders, "output.a = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Kept");
  await page.getByRole("link", { name: "Data Sources" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Stay" }).click();
  await dialog.waitFor({ state: "hidden" });
  const copies = () => page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("forebay.draft.")).length);
  await expect.poll(copies).toBe(1);
  await page.reload();
  await page.getByRole("button", { name: "Take them back" }).click();
  await page.locator(".djs-visual").getByText("Kept").waitFor();
  await save(page);
  expect(await file(id)).toContain('name="Kept"');
  // what was undone, and what was left on purpose, is not offered again
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Undone");
  await expect.poll(copies).toBe(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await expect.poll(copies).toBe(0);
  await page.getByRole("textbox", { name: "Name" }).fill("Dropped");
  await expect.poll(copies).toBe(1);
  await page.getByRole("link", { name: "Data Sources" }).click();
  await dialog.getByRole("button", { name: "Leave without saving" }).click();
  await page.getByRole("heading", { level: 1, name: "Data Sources" }).waitFor();
  expect(await copies()).toBe(0);
  await close(person);
});

test("labels and documentation that mean harm stay text", async () => {
  const harm = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>`;
  const id = await scripted(made, "hostile", orders, "output.a = 1;");
  const person = await open();
  const { page } = person;
  await design(page, id);
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill(harm);
  await page.getByRole("textbox", { name: "Documentation" }).fill(harm);
  await page.getByRole("textbox", { name: "Script" }).fill("1 +");
  await page.getByRole("list", { name: "Problems" }).getByText("onerror").first().waitFor();
  await save(page);
  await page.reload();
  await shape(page, "received").click();
  await page.getByText("to <img src=x").waitFor();
  await page.locator(".djs-container svg[tabindex]").focus();
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+f");
  await page.keyboard.type("img");
  await page.getByText("onerror").first().waitFor();
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await close(person);
});

test.each(["light", "dark"] as const)("list, designer and dialogs are accessible, %s", async (scheme) => {
  const id = await scripted(made, `axe-${scheme}`, orders, "output.a = = 1;");
  const person = await open({ scheme });
  const { page } = person;
  await page.goto(list());
  await page.getByRole("link", { name: `axe-${scheme}` }).waitFor();
  await page.getByText("1 error").first().waitFor();
  await accessible(page, `processes, ${scheme}`);
  await page.getByRole("button", { name: "New process" }).first().click();
  await page.getByRole("dialog").waitFor();
  await page.waitForTimeout(400); // while it fades in, its colours are not yet its own
  await accessible(page, `new process, ${scheme}`);
  await design(page, id);
  await page.locator(".mark-badge-error").waitFor();
  await accessible(page, `designer, ${scheme}`);
  await shape(page, "received").click();
  await page.getByRole("combobox", { name: "Select Webhook" }).waitFor();
  await accessible(page, `trigger, ${scheme}`);
  await shape(page, "work").click();
  await page.locator(".cm-lint-marker-error").waitFor();
  await accessible(page, `script, ${scheme}`);
  await page.locator(".djs-container svg[tabindex]").focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys of the designer" }).waitFor();
  await page.waitForTimeout(400);
  await accessible(page, `keys, ${scheme}`);
  await close(person);
});

/** WCAG 2.2: from 1, the same, to 21, black on white. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(css: string): number {
  const [r = 0, g = 0, b = 0] = (css.match(/[\d.]+/g) ?? []).map(Number).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("a dark diagram can be read: lines, names and the mark of bpmn.io stand out", async () => {
  const id = await scripted(made, "dark", orders, "output.a = 1;");
  const person = await open({ scheme: "dark" });
  const { page } = person;
  await design(page, id);
  const style = (selector: string, property: string) =>
    page.locator(selector).first().evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property);
  const ground = await style(".djs-container", "background-color");
  const drawn = {
    edge: await style(".djs-connection .djs-visual > path", "stroke"),
    shape: await style(".djs-shape .djs-visual > :first-child", "stroke"),
    name: await style(".djs-label", "fill"),
    mark: await style(".bjs-powered-by", "color"),
  };
  for (const [what, colour] of Object.entries(drawn)) expect([what, contrast(colour, ground) > 4.5]).toEqual([what, true]);
  await close(person);
});

test.each([
  [1280, 800],
  [900, 700],
  [360, 740],
])("nothing covers the mark of bpmn.io at %i × %i", async (width, height) => {
  const id = await scripted(made, `mark-${width}`, orders, "output.a = 1;");
  const person = await open({ width, height });
  const { page } = person;
  await design(page, id);
  await page.locator(".bjs-powered-by:visible").scrollIntoViewIfNeeded();
  const covered = await page.evaluate(() => {
    const mark = [...document.querySelectorAll(".bjs-powered-by")].find((one) => one.getBoundingClientRect().width > 0)!;
    const { left, top, right, bottom } = mark.getBoundingClientRect();
    const points = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2], [(left + right) / 2, (top + bottom) / 2]];
    return points.filter(([x = 0, y = 0]) => !mark.contains(document.elementFromPoint(x, y))).length;
  });
  expect(covered).toBe(0);
  if (width < 900) {
    await page.getByText("The designer needs a window of at least 900 pixels.").waitFor();
    expect(await page.locator(".djs-palette:visible").count()).toBe(0);
  }
  await close(person);
});
