// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { forgetVisited, visit, visited } from "./visited";

const page = (to: string) => ({ label: to, kind: "Page", to, projectId: "p" });

beforeEach(() => localStorage.clear());

test("the newest stands first, and once", () => {
  for (const to of ["/a", "/b", "/a"]) visit(page(to));
  expect(visited().map((one) => one.to)).toEqual(["/a", "/b"]);
});

test("only so many are kept", () => {
  for (let at = 0; at < 60; at++) visit(page(`/${at}`));
  expect(visited()).toHaveLength(40);
  expect(visited()[0]?.to).toBe("/59");
});

test("what is not ours in the store is nothing", () => {
  localStorage.setItem("forebay.visited.", '[1, null, {"to": 5}, {"label": "a", "kind": "b", "to": "/c", "projectId": ""}]');
  expect(visited().map((one) => one.to)).toEqual(["/c"]);
  localStorage.setItem("forebay.visited.", "{");
  expect(visited()).toEqual([]);
});

test("signing out leaves nothing", () => {
  visit(page("/a"));
  forgetVisited();
  expect(visited()).toEqual([]);
});
