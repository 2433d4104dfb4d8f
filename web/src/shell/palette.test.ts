import { expect, test } from "vitest";
import { idsOf, matching, pagesOf } from "./palette";

const PLACE = { projectId: "p", branch: "feature/a b" };

test("pages of a project keep the branch in their address", () => {
  expect(pagesOf(PLACE).find((target) => target.label === "Processes")?.to).toBe("/projects/p/branches/feature%2Fa%20b/processes");
});

test("without a project there are only the pages of all", () => {
  expect(pagesOf({ projectId: "", branch: "main" }).map((target) => target.to)).toEqual(["/projects", "/account"]);
});

test("words match in any order, beginnings first", () => {
  const found = matching("trig", pagesOf(PLACE)).map((target) => target.label);
  expect(found).toEqual(["Manage Triggers", "Failed Triggers"]);
  expect(matching("runtime failed", pagesOf(PLACE)).map((target) => target.label)).toEqual(["Failed Triggers"]);
  expect(matching("no such page", pagesOf(PLACE))).toEqual([]);
});

test("an id leads to everything that it can be", () => {
  const id = "01a20d2e-46f0-7940-aadf-dd2154dc3f61";
  expect(idsOf(` ${id} `, PLACE).map((target) => target.to)).toContain(`/projects/p/events/${id}`);
  expect(idsOf("no-id", PLACE)).toEqual([]);
});
