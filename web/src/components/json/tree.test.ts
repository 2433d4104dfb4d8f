import { expect, test } from "vitest";
import { NotJson, parse } from "./tree";

test("numbers keep their text", () => {
  const node = parse('{"a":1.10,"b":12345678901234567890123,"c":1e999,"a":-0}');
  expect(node).toEqual({
    kind: "object",
    members: [
      ["a", { kind: "number", text: "1.10" }],
      ["b", { kind: "number", text: "12345678901234567890123" }],
      ["c", { kind: "number", text: "1e999" }],
      ["a", { kind: "number", text: "-0" }],
    ],
  });
});

test("keys of prototypes are keys", () => {
  const node = parse('{"__proto__":{"x":true},"constructor":null}');
  expect(node.kind === "object" && node.members.map(([key]) => key)).toEqual(["__proto__", "constructor"]);
});

test("a lone surrogate is kept as its escape", () => {
  expect(parse(String.raw`"\ud800"`)).toMatchObject({ kind: "string", text: String.raw`"\ud800"` });
});

test.each(["", "{", "[1,]", "{'a':1}", "01", "+1", "1.", "nul", '"\u0007"', "1 2", '{"a" 1}', `${"[".repeat(300)}${"]".repeat(300)}`])("%j is no JSON", (text) =>
  expect(() => parse(text)).toThrow(NotJson),
);

test("a megabyte is read at once", () => {
  const text = `[${Array.from({ length: 100_000 }, (_, at) => `{"n":${at}}`).join(",")}]`;
  const node = parse(text);
  expect(node.kind === "array" && node.items.length).toBe(100_000);
});
