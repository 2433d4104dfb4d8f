import { expect, test } from "vitest";
import type { AuditEntry } from "../../api/audit";
import { targetOf } from "./target";

function entry(action: string, detail: Record<string, unknown>, projectId: string | null = "p"): AuditEntry {
  return {
    id: "1", at: "2026-03-23T15:30:00.000Z", projectId, userId: null, email: null, tokenId: null, sessionId: null,
    action, target: "t", detail, sourceAddress: null, requestId: null,
  } as AuditEntry;
}

test("a thing is called by its name and leads to its page, on its own branch", () => {
  expect(targetOf(entry("data-source.change", { name: "orders", branch: "a/b" }), "main")).toEqual({ name: "orders", to: "/projects/p/branches/a%2Fb/data-sources/t" });
  expect(targetOf(entry("instance.cancel", { status: "active" }), "main")).toEqual({ name: "t", to: "/projects/p/instances/t" });
});

test("what was deleted, or is of a kind without a page, leads nowhere", () => {
  expect(targetOf(entry("data-source.delete", { name: "orders" }), "main")).toEqual({ name: "orders" });
  expect(targetOf(entry("session.end", {}, null), "main")).toEqual({ name: "t" });
  expect(targetOf(entry("something.new", {}), "main")).toEqual({ name: "t" });
});

test("details that are no texts name nothing", () => {
  expect(targetOf(entry("user.change", { name: { from: "a", to: "b" } }, null), "main")).toEqual({ name: "t", to: "/users" });
});
