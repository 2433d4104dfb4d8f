import { expect, test } from "vitest";
import { lines, openAll, openAtFirst } from "./lines";
import { Places, walk } from "./pointer";
import { search } from "./search";
import { type Node, parse } from "./tree";
import { shownKey, write } from "./write";

const TEXT = '{"a/b":[{"m~n":1.10}],"":{"__proto__":12345678901234567890123},"twice":"One","twice":"two"}';

function pointers(root: Node, nodes: Node[]): string[] {
  const places = new Places(root);
  return nodes.map((node) => places.pointer(node));
}

test("every value has its pointer, escaped as RFC 6901 says", () => {
  const root = parse(TEXT);
  const all: Node[] = [];
  walk(root, (node) => all.push(node));
  expect(pointers(root, all)).toEqual(["", "/a~1b", "/a~1b/0", "/a~1b/0/m~0n", "/", "//__proto__", "/twice", "/twice"]);
});

test.each([
  ["one", ["/twice"]],
  ["TWICE", ["/twice", "/twice"]],
  ["890123", ["//__proto__"]],
  ["proto", ["//__proto__"]],
  ["1.1", ["/a~1b/0/m~0n"]],
  ["nowhere", []],
  ["", []],
])("search for %j", (words, where) => {
  const root = parse(TEXT);
  expect(pointers(root, search(root, words))).toEqual(where);
});

test("a string is searched as it reads, not as it is escaped", () => {
  const root = parse(String.raw`["gr\u00fcn","a\"b"]`);
  expect(pointers(root, search(root, "grün"))).toEqual(["/0"]);
  expect(pointers(root, search(root, 'a"b'))).toEqual(["/1"]);
});

test("the lines are those of what is open", () => {
  const root = parse('{"a":[1,2],"b":{}}');
  expect(lines(root, new Set()).map((line) => line.open)).toEqual([false]);
  const all = lines(root, openAll(root));
  expect(all.map(({ key, depth, open, place, of }) => [key, depth, open, place, of])).toEqual([
    [undefined, 0, true, 1, 1],
    ["a", 1, true, 1, 2],
    [0, 2, undefined, 1, 2],
    [1, 2, undefined, 2, 2],
    ["b", 1, undefined, 2, 2],
  ]);
});

test("at first about a page is open, level by level", () => {
  const root = parse(`{"small":{"x":{"y":1}},"large":[${"0,".repeat(500)}0]}`);
  const shown = lines(root, openAtFirst(root));
  expect(shown.map((line) => line.key)).toEqual([undefined, "small", "x", "y", "large"]);
});

test("copied values keep their numbers, strings and doubled keys", () => {
  const text = String.raw`{"n":1e999,"n":-0,"__proto__":[12345678901234567890123,"\ud800"],"e":[]}`;
  expect(write(parse(text)).replaceAll(/\n\s*/g, "").replaceAll(": ", ":")).toBe(text);
});

test.each([
  ["", '""'],
  ["a", "a"],
  ['say "x"', 'say "x"'],
  ["tab\there", "tab\\there"],
  ["\u0000", "\\u0000"],
])("the key %j is shown as %s", (key, shown) => expect(shownKey(key)).toBe(shown));

test("100,000 values and a string of a megabyte are ready at once", () => {
  const text = `{"long":"${"x".repeat(1_000_000)}","all":[${Array.from({ length: 100_000 }, (_, at) => `{"n":${at}}`).join(",")}]}`;
  const begin = performance.now();
  const root = parse(text);
  expect(lines(root, openAll(root)).length).toBe(200_003);
  expect(pointers(root, search(root, "99999"))).toEqual(["/all/99999/n"]);
  expect(performance.now() - begin).toBeLessThan(5_000);
});
