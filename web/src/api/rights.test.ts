import { expect, test } from "vitest";
import type { components } from "#schema";
import { mayMakeProjects, rightsAt, rightsEverywhere, rightsIn } from "./rights";

const PROJECT = { id: "p", workspaceId: "w", organizationId: "o" };

function me(roles: [level: string, id: string, rights: string[]][], projectId: string | null = null): components["schemas"]["Me"] {
  return {
    id: "u", email: "a@b", name: "A", token: null, sessionId: "s", expiresAt: null, scopes: [], projectId,
    roles: roles.map(([level, id, rights]) => ({ level, id, role: "viewer", payload: false, rights })),
  };
}

test("the roles of the three levels add up", () => {
  const who = me([["project", "p", ["a"]], ["workspace", "w", ["b"]], ["organization", "o", ["c"]]]);
  expect([...rightsIn(who, PROJECT)].toSorted()).toEqual(["a", "b", "c"]);
  expect([...rightsEverywhere(who)]).toEqual(["c"]);
});

test("projects are made by who may on a workspace or above", () => {
  expect(mayMakeProjects(me([["workspace", "w", ["project:manage"]]]))).toBe(true);
  expect(mayMakeProjects(me([["organization", "o", ["project:manage"]]]))).toBe(true);
  expect(mayMakeProjects(me([["project", "p", ["project:manage"]], ["organization", "o", ["project:read"]]]))).toBe(false);
  expect(mayMakeProjects(me([["organization", "o", ["project:manage"]]], "p"))).toBe(false);
});

test("a role above is given by whoever has one there or above", () => {
  const who = me([["project", "p", ["a"]], ["workspace", "w", ["b"]], ["organization", "o", ["c"]]]);
  expect([...rightsAt(who, "project", PROJECT)].toSorted()).toEqual(["a", "b", "c"]);
  expect([...rightsAt(who, "workspace", PROJECT)].toSorted()).toEqual(["b", "c"]);
  expect([...rightsAt(who, "organization", PROJECT)]).toEqual(["c"]);
});

test("roles elsewhere count for nothing, whatever their id is", () => {
  const who = me([["project", "other", ["a"]], ["workspace", "p", ["b"]], ["organization", "w", ["c"]]]);
  expect(rightsIn(who, PROJECT).size).toBe(0);
});

test("credentials of one project open no other, and not the installation", () => {
  const who = me([["organization", "o", ["a"]]], "other");
  expect(rightsIn(who, PROJECT).size).toBe(0);
  expect(rightsEverywhere(who).size).toBe(0);
  expect(rightsIn({ ...who, projectId: "p" }, PROJECT).has("a")).toBe(true);
});
