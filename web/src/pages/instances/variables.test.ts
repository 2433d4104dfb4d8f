import { expect, test } from "vitest";
import { READ_AT_ONCE, split, together } from "./variables";

test("the texts stay as they are", () =>
  expect(together([["n", "1.10"], ["__proto__", '{"a":12345678901234567890123}'], ['"', "null"]])).toBe(
    String.raw`{"n":1.10,"__proto__":{"a":12345678901234567890123},"\"":null}`,
  ));

test("large ones are read later, in the order that they had", () => {
  const all = [{ name: "large", size: READ_AT_ONCE + 1 }, { name: "b", size: 10 }, { name: "half", size: READ_AT_ONCE / 2 }, { name: "other", size: READ_AT_ONCE / 2 }];
  const { now, later } = split(all);
  expect(now.map((one) => one.name)).toEqual(["b", "half"]);
  expect(later.map((one) => one.name)).toEqual(["large", "other"]);
});
