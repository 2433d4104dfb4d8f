import { expect, test } from "vitest";
import { dropDraft, keepDraft, readDraft } from "./draft";

class Store implements Storage {
  private readonly all = new Map<string, string>();
  full = false;
  get length(): number {
    return this.all.size;
  }
  clear(): void {
    this.all.clear();
  }
  getItem(key: string): string | null {
    return this.all.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.all.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.all.delete(key);
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error("full");
    this.all.set(key, value);
  }
}

const PLACE = { projectId: "p", branch: "main" };
const DRAFT = { xml: "<a/>", etag: '"1"', at: "2026-01-01T00:00:00Z" };

test("a copy is kept for its process and branch until it is dropped", () => {
  const store = new Store();
  keepDraft(PLACE, "one", DRAFT, store);
  expect(readDraft(PLACE, "one", store)).toEqual(DRAFT);
  expect(readDraft(PLACE, "two", store)).toBeUndefined();
  expect(readDraft({ ...PLACE, branch: "other" }, "one", store)).toBeUndefined();
  dropDraft(PLACE, "one", store);
  expect(readDraft(PLACE, "one", store)).toBeUndefined();
});

test("a full store, or rubbish in it, costs only the copy", () => {
  const store = new Store();
  store.full = true;
  expect(() => keepDraft(PLACE, "one", DRAFT, store)).not.toThrow();
  store.full = false;
  store.setItem("forebay.draft.p.main.one", "{");
  expect(readDraft(PLACE, "one", store)).toBeUndefined();
});
