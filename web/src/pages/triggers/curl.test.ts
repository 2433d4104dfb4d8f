import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curl, masked, quoted } from "./curl";

const HOSTILE = ["plain", "it's", "'; touch /tmp/x; '", "$(id)`id`${HOME}", 'a"b\\c', "line\nbreak", "@/etc/passwd", "!history", "", "-v", "a\\'b", "ü😀\u202E", "*?~#&|<>"];

test.each(HOSTILE)("a shell reads %j as it is", (text) => {
  expect(execFileSync("/bin/sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" })).toBe(text);
});

test.each(HOSTILE)("a shell gives curl the URL and the body %j", (text) => {
  const url = `https://host/webhooks?flowxApiKey=k&x=${text}`;
  const line = curl(url, text).replace(/^curl/, `printf '%s\\0'`);
  const words = execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1);
  expect(words.filter((word) => word !== "--globoff")).toEqual(["-X", "POST", "--url", url, "-H", "Content-Type: application/json", "--data-raw", text]);
});

test("brackets in a URL are no list", () => expect(curl("http://[::1]:8080/x", "{}")).toContain(" --globoff --url 'http://[::1]:8080/x'"));

test("the key does not show where it is masked", () => {
  expect(masked("https://h/w?flowxApiKey=secret-_1", "secret-_1")).toBe("https://h/w?flowxApiKey=••••••••••••");
});
