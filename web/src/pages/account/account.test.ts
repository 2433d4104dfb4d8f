import { expect, test } from "vitest";
import { browserName } from "./agent";
import { expiresAt, tokenState } from "./expiry";

const NOW = Date.parse("2026-03-23T15:30:00.000Z");

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36", "Chrome on Linux"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on macOS"],
  ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"],
  ["curl/8.5.0", "curl"],
  ["<b>mine</b>", "<b>mine</b>"],
  [null, "Unknown browser"],
])("%s is %s", (agent, words) => expect(browserName(agent)).toBe(words));

test("a token ends after the days that were chosen, at a time, or never", () => {
  expect(expiresAt("7", "", NOW)).toBe("2026-03-30T15:30:00.000Z");
  expect(expiresAt("never", "", NOW)).toBeNull();
  expect(expiresAt("own", "", NOW)).toBeUndefined();
  expect(expiresAt("own", "2026-04-01T00:00:00Z", NOW)).toBe("2026-04-01T00:00:00.000Z");
});

test("a revoked token is revoked, also when its time is over", () => {
  const past = "2026-03-23T15:30:00.000Z";
  expect(tokenState({ revokedAt: past, expiresAt: past }, NOW)).toBe("revoked");
  expect(tokenState({ revokedAt: null, expiresAt: past }, NOW)).toBe("expired");
  expect(tokenState({ revokedAt: null, expiresAt: null }, NOW)).toBe("valid");
});
