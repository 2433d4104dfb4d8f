import { expect, test } from "vitest";
import { filterValues, given } from "./useFilters";

test("what the router reads as a number or a word is a text again", () => {
  const values = filterValues({ eventId: 42, name: "true", state: true, other: { a: 1 }, more: "x" }, ["eventId", "name", "state", "other", "none"]);
  expect(values).toEqual({ eventId: "42", name: "true", state: "true", other: "", none: "" });
  expect(given(values)).toEqual({ eventId: "42", name: "true", state: "true" });
});
