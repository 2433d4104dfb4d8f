// What somebody does who has no mouse: Tab until it is there, type, Enter.
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** No page has more places for the focus before the one that is wanted. */
const MOST = 120;

/** Presses Tab until it has the focus, which must be in sight and be shown. `back`: the other way round. */
export async function tabTo(page: Page, wanted: Locator, { back = false } = {}): Promise<void> {
  for (let presses = 0; presses < MOST; presses += 1) {
    if (await hasFocus(wanted)) return shown(page);
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  throw new Error(`${wanted.toString()} is not reached with ${MOST} presses of Tab`);
}

/** Goes there by Tab and uses it. */
export async function use(page: Page, wanted: Locator, how: { back?: boolean } = {}): Promise<void> {
  await tabTo(page, wanted, how);
  await page.keyboard.press("Enter");
}

/** Chooses from a menu that is open: arrows until it is there. */
export async function arrowTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; presses < MOST; presses += 1) {
    if (await hasFocus(wanted)) return page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${wanted.toString()} is not reached with arrows`);
}

/** Jumps to a page. */
export async function jump(page: Page, to: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Page, process, data source, commit or id" });
  await expect.poll(() => hasFocus(field)).toBe(true);
  await page.keyboard.type(to);
  await page.getByRole("option", { name: new RegExp(`^${to}`), selected: true }).waitFor();
  await page.keyboard.press("Enter");
}

/** Whether it has the focus, or something in it. */
export function hasFocus(wanted: Locator): Promise<boolean> {
  return wanted.count().then((count) => count === 1 && wanted.evaluate((node) => node.contains(document.activeElement)));
}

/** What has the focus can be seen, and is told apart from what has not. */
async function shown(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const one = document.activeElement;
        if (!one) return "nothing has the focus";
        const { left, right, top, bottom } = one.getBoundingClientRect();
        const inSight = right > 0 && bottom > 0 && left < window.innerWidth && top < window.innerHeight;
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        // a field shows it by its border, an editor on the box around it
        const marked = (outlineStyle !== "none" && outlineWidth !== "0px") || one.matches("input, textarea, [contenteditable], [role=tabpanel]");
        return inSight && marked ? "shown" : `${one.outerHTML.slice(0, 160)}: ${inSight ? "not marked" : "out of sight"}`;
      }),
    )
    .toBe("shown");
}
