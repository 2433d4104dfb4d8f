// One Chromium for a file of tests: Debian's, headless, and silent on the network.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";
import { expect, inject } from "vitest";
import { ownPages } from "./pages";

const EXECUTABLE = process.env["FOREBAY_CHROMIUM"] ?? "/usr/bin/chromium";

const SWITCHES = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts Chromium. */
export function start(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: install chromium, or name one in FOREBAY_CHROMIUM`);
  return chromium.launch({ executablePath: EXECUTABLE, args: SWITCHES });
}

/** How the window is. */
export interface Window {
  scheme?: "light" | "dark";
  width?: number;
  height?: number;
}

/** A window of somebody; whatever the page complains of fails the test that looks into `complaints`. */
export class Person {
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, { scheme = "light", width = 1280, height = 800 }: Window = {}): Promise<Person> {
    const context = await browser.newContext({ baseURL: inject("base"), colorScheme: scheme, viewport: { width, height }, locale: "en-GB" });
    await ownPages(context, inject("base"));
    const page = await context.newPage();
    const person = new Person(context, page);
    page.on("pageerror", (error) => person.complaints.push(error.message));
    page.on("console", (message) => {
      // refusals are shown by the page; the browser notes each as a failed resource besides
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) person.complaints.push(message.text());
    });
    return person;
  }

  /** Nothing was complained of. */
  calm(): void {
    expect(this.complaints).toEqual([]);
  }
}
