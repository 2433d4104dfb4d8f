// Files that are taken into the designer, those that cannot be drawn, and what is drawn of a process that is gone.
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Person, start } from "./chromium";
import { type Made, dataSource, scripted } from "./maker";
import { administrator, newProject } from "./runtime";

let browser: Browser;
let made: Made;
let orders: string;

beforeAll(async () => {
  browser = await start();
  made = await newProject("importing");
  orders = await dataSource(made, "orders");
});
afterAll(() => browser.close());

async function close(person: Person): Promise<void> {
  person.calm();
  await person.context.close();
}

const address = (id: string) => `/projects/${made.projectId}/branches/main/processes/${id}`;
const shape = (page: Page, id: string) => page.locator(`.djs-shape[data-element-id="${id}"] > .djs-hit`).first();
const file = async (id: string) => {
  const path = `/api/v1/projects/${made.projectId}/branches/main/process-definitions/${id}/bpmn`;
  return (await fetch(inject("base") + path, { headers: { authorization: `Bearer ${inject("token")}` } })).text();
};
const newProcess = async (name: string, bpmn: string) =>
  (await made.call<{ resourceDefinitionId: string }>("POST", "/branches/main/process-definitions", { name, bpmn })).resourceDefinitionId;

const BAD = {
  nothing: '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"></definitions>',
  unplaced:
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d" targetNamespace="x"><process id="p"><startEvent id="s"/><task id="s"/></process><bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="pl" bpmnElement="p"><bpmndi:BPMNShape id="z" bpmnElement="s"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>',
};

test("a file that cannot be drawn takes nothing away, and one that can is asked for while something is not saved", async () => {
  const id = await scripted(made, "imported", orders, "output.a = 1;");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(address(id));
  await shape(page, "work").waitFor();
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Precious");
  const menu = page.getByRole("button", { name: "Import, export, keys" });
  const take = async (text: string) => {
    await menu.click();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("menuitem", { name: /^Import/ }).click()]);
    await chooser.setFiles({ name: "other.bpmn", mimeType: "application/xml", buffer: Buffer.from(text) });
    await page.getByRole("menuitem", { name: /^Import/ }).waitFor({ state: "hidden" });
  };
  const asked = page.getByRole("dialog", { name: "Replace what is drawn?" });
  const refused = page.getByRole("alert").filter({ hasText: "The file was not taken" });
  for (const text of Object.values(BAD)) {
    await take(text);
    await asked.getByRole("button", { name: "Replace it" }).click();
    await refused.waitFor();
    expect(await page.getByRole("alert").count()).toBe(1);
    await page.locator(".djs-visual").getByText("Precious").waitFor();
    await refused.getByRole("button", { name: "Close" }).click();
    await refused.waitFor({ state: "hidden" });
  }
  // what is drawn goes out, and undo still leads back
  await take(BAD.nothing);
  await asked.getByRole("button", { name: "Replace it" }).click();
  await refused.waitFor();
  await menu.click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Export as .bpmn" }).click()]);
  expect(readFileSync(await download.path(), "utf8")).toContain("Precious");
  expect(await page.getByRole("button", { name: "Undo" }).isEnabled()).toBe(true);
  await page.keyboard.press("Control+s");
  await page.getByText("Saved", { exact: true }).waitFor();
  await refused.waitFor({ state: "hidden" });
  expect(await file(id)).toContain('name="Precious"');
  // a good one: kept out first, then taken in
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("More precious");
  const bare = readFileSync("../e2e/fixtures/branching.bpmn", "utf8");
  await take(bare);
  await asked.getByRole("button", { name: "Keep what is drawn" }).click();
  await page.locator(".djs-visual").getByText("More precious").waitFor();
  await take(bare);
  await asked.getByRole("button", { name: "Replace it" }).click();
  await page.locator(".djs-visual").getByText("Large?").waitFor();
  // bpmn-js writes down what it could not draw
  expect(person.complaints.splice(0).filter((one) => !one.startsWith("failed to import"))).toEqual([]);
  await close(person);
});

test("a stored file that cannot be drawn is kept: nothing can be drawn or saved over it", async () => {
  const id = await newProcess("blank", BAD.nothing);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(address(id));
  await page.getByText("The stored file of this process cannot be drawn").waitFor();
  expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
  expect(await page.evaluate(() => document.querySelector(".djs-palette")?.closest("[inert]") !== null)).toBe(true);
  await page.keyboard.press("Control+s");
  expect(await file(id)).toBe(BAD.nothing);
  await close(person);
});

const MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d" targetNamespace="x"';
const bounds = (id: string, of: string, [x, y, width, height]: number[], rest = "") =>
  `<bpmndi:BPMNShape id="${id}" bpmnElement="${of}"${rest}><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}"/></bpmndi:BPMNShape>`;
const TWO = `<definitions ${MODEL}><collaboration id="c"><participant id="p1" name="Shop" processRef="shop"/><participant id="p2" name="Bank" processRef="bank"/></collaboration><process id="shop"><startEvent id="s"/></process><process id="bank"><startEvent id="t"/></process><bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="pl" bpmnElement="c">${bounds("a", "p1", [100, 100, 400, 120], ' isHorizontal="true"')}${bounds("b", "p2", [100, 260, 400, 120], ' isHorizontal="true"')}${bounds("e", "s", [180, 140, 36, 36])}${bounds("f", "t", [180, 300, 36, 36])}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>`;
const LEFT_OUT = `<definitions ${MODEL}><process id="p"><startEvent id="s"/><endEvent id="e" name="Far away"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/></process><bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="pl" bpmnElement="p">${bounds("z", "s", [10, 10, 36, 36])}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>`;

test("of several processes one is chosen to run, and what a file gives no place is told", async () => {
  const id = await newProcess("two", TWO);
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(address(id));
  const several = page.getByRole("list", { name: "Problems" }).getByText(/2 processes/);
  await several.waitFor();
  await page.getByRole("combobox", { name: "Process that runs" }).click();
  await page.getByRole("option", { name: "Bank" }).click();
  await several.waitFor({ state: "hidden" });
  await page.keyboard.press("Control+s");
  await page.getByText("Saved", { exact: true }).waitFor();
  expect(await file(id)).toMatch(/<process id="bank" isExecutable="true">/);
  await page.getByRole("button", { name: "Undo" }).click();
  await several.waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.goto(address(await newProcess("left-out", LEFT_OUT)));
  await page.getByText(/without a place in the diagram.*: Far away/).waitFor();
  await close(person);
});

const idOf = (page: Page) => decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1) ?? "");

test("a process that was deleted while it was changed is told of, and can be kept as a new one", async () => {
  const id = await scripted(made, "deleted", orders, "output.a = 1;");
  const person = await administrator(browser);
  const { page } = person;
  await page.goto(address(id));
  await shape(page, "work").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Survives");
  await made.call("DELETE", `/branches/main/process-definitions/${id}`);
  await page.getByText("Somebody has deleted this process.").waitFor();
  await page.getByRole("button", { name: "Save as a new process" }).click();
  await expect.poll(() => idOf(page)).not.toBe(id);
  await page.locator(".djs-visual").getByText("Survives").waitFor();
  await page.getByText("Saved", { exact: true }).waitFor();
  expect(await file(idOf(page))).toContain('name="Survives"');
  await close(person);
});
