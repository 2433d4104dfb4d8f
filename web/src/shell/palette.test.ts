import { expect, test } from "vitest";
import { idsOf, inOrder, matching, pagesOf } from "./palette";

const PLACE = { projectId: "p", branch: "feature/a b" };
const ALL = { may: () => true, installation: [{ to: "/users", label: "Users" }] };

test("pages of a project keep the branch in their address", () => {
  expect(pagesOf(PLACE, ALL).find((target) => target.label === "Processes")?.to).toBe("/projects/p/branches/feature%2Fa%20b/processes");
});

test("without a project there are only the pages of all", () => {
  const to = pagesOf({ projectId: "", branch: "main" }, ALL).map((target) => target.to);
  expect(to).toEqual(["/projects", "/users", "/account", "/account#tokens", "/account#sessions", "/account#password"]);
});

test("words match in any order, beginnings first", () => {
  const found = matching("trig", pagesOf(PLACE, ALL)).map((target) => target.label);
  expect(found).toEqual(["Manage Triggers", "Failed Triggers"]);
  expect(matching("runtime failed", pagesOf(PLACE, ALL)).map((target) => target.label)).toEqual(["Failed Triggers"]);
  expect(matching("integrations", pagesOf(PLACE, ALL))).toMatchObject([{ label: "Data Sources", kind: "Config / Integrations" }]);
  expect(matching("config data", pagesOf(PLACE, ALL)).map((target) => target.label)).toEqual(["Data Sources"]);
  expect(matching("no such page", pagesOf(PLACE, ALL))).toEqual([]);
});

test("pages that the person may not open are none", () => {
  const labels = pagesOf(PLACE, { may: (right) => right !== "member:manage", installation: [] }).map((target) => target.label);
  expect(labels).toContain("Audit");
  expect(labels).not.toContain("Members");
  expect(labels).not.toContain("Users");
});

test("what was opened last stands first, by its present name, without the page that is open", () => {
  const visits = [
    { label: "here", kind: "Page", to: "/projects/p/triggers", projectId: "p" },
    { label: "elsewhere", kind: "Process", to: "/projects/q/processes/1", projectId: "q" },
    { label: "old name", kind: "Processes", to: "/projects/p/branches/feature/a b/processes", projectId: "p" },
    { label: "an event", kind: "Events", to: "/projects/p/events/1", projectId: "p" },
  ];
  const found = inOrder(visits, pagesOf(PLACE, ALL), PLACE, "/projects/p/triggers").map((target) => target.label);
  expect(found.slice(0, 3)).toEqual(["Processes", "an event", "Data Sources"]);
  expect(found).not.toContain("Manage Triggers");
  expect(new Set(found).size).toBe(found.length);
});

test("a branch's versions are a page before they are a branch", () => {
  const branch = { label: "feature/a b", kind: "Branch", to: "/projects/p/branches/feature%2Fa%20b/versions" };
  const labels = inOrder([], [...pagesOf(PLACE, ALL), branch], PLACE, "/").map((target) => target.label);
  expect(labels).toContain("Versions");
  expect(labels).not.toContain("feature/a b");
});

test("an id leads to everything that it can be", () => {
  const id = "01a20d2e-46f0-7940-aadf-dd2154dc3f61";
  expect(idsOf(` ${id} `, PLACE).map((target) => target.to)).toContain(`/projects/p/events/${id}`);
  expect(idsOf("no-id", PLACE)).toEqual([]);
});
