import { expect, test } from "vitest";
import { overcome } from "./hindrance";
import { isOver, Refusal, SignedOut, Unreachable } from "./refusal";
import { announceSignedIn } from "./session";

const refusal = new Refusal(401, { status: 401, title: "Unauthorized", code: "unauthorized", detail: "for programs" }, "r1");

test("what was not answered is over once there is a connection again, what was asked without a session once there is one", () => {
  const silence = new Unreachable(new TypeError("fetch failed"));
  const signedOut = new SignedOut(refusal);
  expect([isOver(silence), isOver(signedOut)]).toEqual([false, false]);
  overcome("connection");
  expect([isOver(silence), isOver(signedOut)]).toEqual([true, false]);
  announceSignedIn();
  expect([isOver(silence), isOver(signedOut)]).toEqual([true, true]);
  // the next ones are news
  expect([isOver(new Unreachable(undefined)), isOver(new SignedOut(refusal)), isOver(refusal), isOver(undefined)]).toEqual([false, false, false, false]);
});

test("that the session ended is told to a person", () => {
  const signedOut = new SignedOut(refusal);
  expect(signedOut).toBeInstanceOf(Refusal);
  expect(signedOut.message).toContain("sign in");
  expect(signedOut.requestId).toBe("r1");
});
