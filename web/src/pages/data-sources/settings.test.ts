import { describe, expect, it } from "vitest";
import type { DataSource } from "../../api/dataSources";
import { changeOf, clashes, differs, draftOf, keyOf, keyText } from "./settings";

const read: DataSource = {
  resourceDefinitionId: "1",
  type: "incomingWebhook",
  name: "orders",
  description: "From the shop",
  redactedHeaders: ["Cookie"],
  idempotencyKey: "header:X-Id",
  usedBy: [],
  createdAt: "",
  updatedAt: "",
};

describe("idempotency key", () => {
  it("goes both ways", () => {
    for (const text of [null, "header:X-Id", "pointer:/a/b:c", "pointer:"]) expect(keyText(keyOf(text))).toBe(text);
  });
});

describe("changeOf", () => {
  it("writes nothing where nothing was typed", () => {
    expect(differs(read, draftOf(read))).toBe(false);
    expect(differs(read, { ...draftOf(read), name: " orders ", redactedHeaders: ["Cookie", " "] })).toBe(false);
  });

  it("writes only what was typed", () => {
    expect(changeOf(read, { ...draftOf(read), description: "" })).toEqual({ description: "" });
    expect(changeOf(read, { ...draftOf(read), key: { kind: "none", value: "" } })).toEqual({ idempotencyKey: null });
  });

  it("asks for the default list with null", () => {
    expect(changeOf(read, { ...draftOf(read), redactedHeaders: null })).toEqual({ redactedHeaders: null });
    expect(changeOf(read, { ...draftOf(read), redactedHeaders: [] })).toEqual({ redactedHeaders: [] });
  });
});

describe("clashes", () => {
  it("names what they changed, with what stands here", () => {
    const theirs = { ...read, name: "bestellungen", redactedHeaders: [] };
    expect(clashes(read, theirs, { ...draftOf(read), name: "commandes" })).toEqual([
      { field: "Name", mine: "commandes", theirs: "bestellungen" },
      { field: "Redacted headers", mine: "Cookie", theirs: "none" },
    ]);
  });

  it("is silent where both wrote the same", () => {
    expect(clashes(read, { ...read, name: "x-y-z" }, { ...draftOf(read), name: "x-y-z" })).toEqual([]);
  });
});
