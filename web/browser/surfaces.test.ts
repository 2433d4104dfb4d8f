// Each page, dialog, menu and list: nothing for axe to find in either theme, and all of it fits at 360 and at 3840 pixels.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findings } from "./axe";
import { start } from "./chromium";
import { misfits } from "./fits";
import { type Stage, onStage, stage } from "./stage";
import { type Surface, config, outside, runtime } from "./surfaces";

/** What can stand in front of a page. */
const FRONT = "[role=dialog], [role=menu], [role=listbox], .djs-popup";

let browser: Browser;
let all: Stage;
beforeAll(async () => {
  browser = await start();
  all = await stage("Surfaces");
});
afterAll(() => browser.close());

/** Opens it in this window; the page below it may be the one that is there. */
async function show(page: Page, surface: Surface): Promise<void> {
  const { pathname, search } = new URL(page.url());
  // what is selected in a drawing is part of how it is
  if (surface.wide || pathname + search !== surface.path || !(await closed(page))) {
    await page.goto(surface.path);
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  await settled(page);
  await surface.open?.(page);
}

/** Whether nothing is in front of the page, once it was sent away. */
async function closed(page: Page): Promise<boolean> {
  const front = page.locator(FRONT);
  for (let presses = 0; presses < 3 && (await front.count()) > 0; presses += 1) {
    await page.keyboard.press("Escape");
    await drawn(page);
  }
  return (await front.filter({ visible: true }).count()) === 0;
}

/** What is read is there: no placeholder stands for it. */
async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator("[aria-busy=true], [aria-label=Loading]").count(), { timeout: 10_000 }).toBe(0);
}

/** The page has drawn itself as it is to be now. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen(undefined)))));
}

/** In this theme from now on. */
async function themed(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
  await drawn(page);
}

/** What is wrong with it at this width. */
async function wrongAt(page: Page, width: number, height: number): Promise<string[]> {
  await page.setViewportSize({ width, height });
  await drawn(page);
  return misfits(page);
}

/** What is wrong with it, in words. */
async function wrong(page: Page, surface: Surface): Promise<string[]> {
  const found: string[] = [];
  const tell = (where: string, what: string[]) => found.push(...what.map((one) => `${surface.name}, ${where}: ${one}`));
  await page.setViewportSize({ width: surface.wide ? 1280 : 360, height: 740 });
  try {
    await show(page, surface);
    if (!surface.wide) tell("360", await wrongAt(page, 360, 740));
    tell("3840", await wrongAt(page, 3840, 2160));
    await page.setViewportSize({ width: 1280, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await themed(page, colorScheme);
      tell(colorScheme, await findings(page, (await page.locator(FRONT).first().isVisible()) ? FRONT : "html"));
    }
  } catch (error) {
    tell("not opened", [error instanceof Error ? error.message : String(error)]);
  }
  return found;
}

test.each([
  ["outside of projects", outside],
  ["runtime", runtime],
  ["config", config],
] as const)("%s", { timeout: 300_000 }, async (_, surfaces) => {
  const person = await onStage(browser, all, { still: true });
  person.page.setDefaultTimeout(15_000);
  const only = process.env["FOREBAY_SURFACE"];
  const found: string[] = [];
  for (const surface of surfaces(all)) {
    if (only === undefined || new RegExp(only).test(surface.name)) found.push(...(await wrong(person.page, surface)));
  }
  expect(found).toEqual([]);
  person.calm();
  await person.context.close();
});
