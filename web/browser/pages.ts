// Pages from `web/dist` in place of those that the binary has, for work on them without a compiler: FOREBAY_PAGES=dist.
import { existsSync, readFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import type { BrowserContext } from "playwright-core";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** Serves them to this window, with the policy that the server answers for its own. */
export async function ownPages(context: BrowserContext, base: string): Promise<void> {
  const folder = process.env["FOREBAY_PAGES"];
  if (!folder) return;
  // a binary without pages has a policy for its one page that says so
  const own = (await fetch(base)).headers.get("content-security-policy") ?? "";
  const policy = own.includes("script-src") ? own : "";
  await context.route(
    (url) => url.origin === base && !/^\/(api|webhooks)\//.test(url.pathname),
    (route) => {
      const path = join(resolve(folder), decodeURIComponent(new URL(route.request().url()).pathname));
      const file = extname(path) !== "" && existsSync(path) ? path : join(resolve(folder), "index.html");
      return route.fulfill({ body: readFileSync(file), headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": policy } });
    },
  );
}
