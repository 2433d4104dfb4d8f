// axe-core on the page as it stands: WCAG 2.2 A and AA, and its own best practices for landmarks and headings.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Selectors that are left out, each with its reason; at most three. */
const LEFT_OUT: [selector: string, reason: string][] = [];

/** Nothing is found on the page. `what` names the page in a failure. */
export async function accessible(page: Page, what: string): Promise<void> {
  expect((await findings(page)).map((found) => `${what}: ${found}`)).toEqual([]);
}

/** What is found on the page, or in these parts of it alone. */
export async function findings(page: Page, parts = "html"): Promise<string[]> {
  // by the debugger, not by a script element: the page's own policy stays as strict as it is
  await page.evaluate(`window.axe ?? (() => { ${SOURCE} })()`);
  const results = await page.evaluate(async ([left, parts]) => {
    const axe = (window as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<unknown> } }).axe;
    // a part begins with whatever heading is its own
    const rules = parts === "html" ? {} : { "heading-order": { enabled: false } };
    return axe.run({ include: [[parts]], exclude: left.map((selector) => [selector]) }, { resultTypes: ["violations"], rules });
  }, [LEFT_OUT.map(([selector]) => selector), parts] as const);
  return (results as AxeResults).violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`));
}
