// Where a window's pages come from: the binary, or `web/dist` in place of it (FOREBAY_PAGES=dist), for work on them without
// a compiler; and whom the browser tells what the pages' policy has forbidden.
import { existsSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { extname, join, resolve } from "node:path";
import type { BrowserContext, Route } from "playwright-core";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const POLICY = "content-security-policy";
/** Where the browser reports to: a path of the page's own origin, else it would have to be asked whether it may. */
const ENDPOINT = "/reports-of-violations";

/** What is done to the pages of a window. */
export interface Served {
  /** Takes what the browser reports of violations of the policy, also where no script of a test listens yet. */
  reports?: string[];
  /** Markup that is put into each page: what an attacker would have to bring in. */
  planted?: string;
}

/** Serves them to this window, with the policy that the server answers for its own. */
export async function servePages(context: BrowserContext, { base, origin }: { base: string; origin: string }, served: Served = {}): Promise<void> {
  const folder = process.env["FOREBAY_PAGES"];
  const isPage = (url: URL) => url.origin === origin && !/^\/(api|webhooks)\//.test(url.pathname);
  const { reports } = served;
  if (folder) {
    // a binary without pages has a policy for its one page that says so
    const own = (await fetch(base)).headers.get(POLICY) ?? "";
    const policy = own.includes("script-src") ? own : "";
    await context.route(isPage, (route) => fromFolder(route, resolve(folder), policy, served));
  } else if (reports !== undefined || served.planted !== undefined) {
    await context.route(isPage, async (route) => {
      if (route.request().resourceType() !== "document") return route.fallback();
      const response = await route.fetch();
      const { "content-encoding": _, "content-length": __, ...headers } = response.headers();
      return route.fulfill({ response, headers: { ...headers, [POLICY]: reporting(headers[POLICY] ?? "", served) }, body: planted(await response.text(), served) });
    });
  }
  if (reports) {
    await context.route(origin + ENDPOINT, (route) => {
      reports.push(route.request().postData() ?? "");
      return route.fulfill({ status: 204 });
    });
  }
}

/** The most that may be sent as it is: what brotli makes no smaller. */
const TINY = 200;

/** How many bytes a file is when it is sent: by brotli, where that makes it smaller. */
export async function encodedSize(base: string, path: string): Promise<number> {
  const folder = process.env["FOREBAY_PAGES"];
  if (folder) {
    const file = join(resolve(folder), path);
    return statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;
  }
  return new Promise((tell, fail) => {
    const asked = request(base + path, { headers: { "accept-encoding": "br" } }, (answer) => {
      let size = 0;
      answer.on("data", (bytes: Buffer) => (size += bytes.length));
      answer.on("end", () => (answer.headers["content-encoding"] === "br" || size < TINY ? tell(size) : fail(new Error(`${path} is sent as it is`))));
    });
    asked.on("error", fail);
    asked.end();
  });
}

function fromFolder(route: Route, folder: string, policy: string, served: Served): Promise<void> {
  const path = join(folder, decodeURIComponent(new URL(route.request().url()).pathname));
  const file = extname(path) !== "" && existsSync(path) ? path : join(folder, "index.html");
  const page = file.endsWith(".html");
  return route.fulfill({
    body: page ? planted(readFileSync(file, "utf8"), served) : readFileSync(file),
    headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream", [POLICY]: reporting(policy, served) },
  });
}

function reporting(policy: string, { reports }: Served): string {
  return reports === undefined ? policy : `${policy}; report-uri ${ENDPOINT}`;
}

function planted(page: string, { planted: markup }: Served): string {
  return markup === undefined ? page : page.replace("</body>", `${markup}</body>`);
}
