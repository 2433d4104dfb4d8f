// One Chromium for a file of tests: Debian's, headless, and silent on the network.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";
import { expect, inject } from "vitest";
import { type Served, servePages } from "./pages";

const EXECUTABLE = process.env["FOREBAY_CHROMIUM"] ?? "/usr/bin/chromium";

const SWITCHES = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts Chromium, with more switches where a test needs them. */
export function start(more: string[] = []): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: install chromium, or name one in FOREBAY_CHROMIUM`);
  return chromium.launch({ executablePath: EXECUTABLE, args: [...SWITCHES, ...more] });
}

/** How the window is. */
export interface Window extends Served {
  scheme?: "light" | "dark";
  width?: number;
  height?: number;
  /** The server, where it is not the one of all tests. */
  base?: string;
  /** The origin that the window knows that server by, where it is another. */
  alias?: string;
  /** Nothing moves: what opens is there at once. */
  still?: boolean;
  userAgent?: string;
}

/** A window of somebody; whatever the page complains of fails the test that looks into `complaints`. */
export class Person {
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, window: Window = {}): Promise<Person> {
    const { scheme = "light", width = 1280, height = 800, base = inject("base"), alias = base, still = false, userAgent } = window;
    const context = await browser.newContext({
      baseURL: alias, colorScheme: scheme, viewport: { width, height }, locale: "en-GB", reducedMotion: still ? "reduce" : "no-preference",
      ...(userAgent === undefined ? {} : { userAgent }),
    });
    await servePages(context, { base, origin: alias }, window);
    const person = new Person(context, await context.newPage());
    person.page.setDefaultTimeout(20_000);
    await person.listen();
    return person;
  }

  /** To scripts that fail, to what the policy forbids, and to dialogs that no page of ours opens. */
  private async listen(): Promise<void> {
    const { context, page, complaints } = this;
    await context.exposeBinding("forebayViolated", (_, what: string) => complaints.push(`forbidden: ${what}`));
    await context.addInitScript(() => {
      const tell = (window as unknown as { forebayViolated: (what: string) => void }).forebayViolated;
      document.addEventListener("securitypolicyviolation", (event) => tell(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // refusals are shown by the page, the browser notes each as a failed resource besides; without HTTPS it says that it
      // does not keep windows apart
      const expected = /^(Failed to load resource|The Cross-Origin-Opener-Policy header has been ignored)/;
      if (message.type() === "error" && !expected.test(message.text())) complaints.push(message.text());
    });
    page.on("dialog", (dialog) => {
      // the browser's own question before a page with something unsaved is left
      if (dialog.type() === "beforeunload") return void dialog.accept();
      complaints.push(`a dialog: ${dialog.message()}`);
      return void dialog.dismiss();
    });
  }

  /** Nothing was complained of. */
  calm(): void {
    expect(this.complaints).toEqual([]);
  }
}
