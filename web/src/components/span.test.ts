import { expect, test } from "vitest";
import { fromField, spanQuery, toField } from "./span";

const NOW = Date.parse("2026-03-23T15:30:00.000Z");

test.each([
  [{ last: "1h", from: "", to: "" }, { from: "2026-03-23T14:30:00.000Z" }],
  [{ last: "", from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" }, { from: "2026-03-01T00:00:00.000Z", to: "2026-03-02T00:00:00.000Z" }],
  [{ last: "ever", from: "yesterday", to: "" }, {}],
  [{ last: "", from: "", to: "" }, {}],
])("%j is %j", (values, query) => expect(spanQuery(values, NOW)).toEqual(query));

test("a field of a form keeps the moment, whatever the zone", () => {
  expect(fromField(toField("2026-03-23T15:30:00.000Z"))).toBe("2026-03-23T15:30:00.000Z");
  expect([toField(""), toField("x"), fromField(""), fromField("x")]).toEqual(["", "", "", ""]);
});
