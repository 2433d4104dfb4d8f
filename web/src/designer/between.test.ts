import type { Element } from "bpmn-js/lib/model/Types";
import { describe, expect, test } from "vitest";
import { lastFlow } from "./between";
import { DRAWABLE } from "./runs";

const drawable = (key: string) => DRAWABLE.find((one) => one.key === key)!;
const from = (type: string, ...targets: string[]) =>
  ({ type, outgoing: targets.map((target) => ({ type: "bpmn:SequenceFlow", target: { type: target } })) }) as unknown as Element;

describe("what is appended goes before the end", () => {
  test.each([
    ["bpmn:StartEvent", ["bpmn:EndEvent"], "script-task", true],
    ["bpmn:ScriptTask", ["bpmn:EndEvent"], "exclusive-gateway", true],
    ["bpmn:ScriptTask", ["bpmn:EndEvent"], "subprocess", true],
    // another end is another way out, a note is no step
    ["bpmn:ScriptTask", ["bpmn:EndEvent"], "end", false],
    ["bpmn:ScriptTask", ["bpmn:EndEvent"], "annotation", false],
    ["bpmn:ScriptTask", ["bpmn:ScriptTask"], "script-task", false],
    ["bpmn:ScriptTask", ["bpmn:EndEvent", "bpmn:EndEvent"], "script-task", false],
    ["bpmn:ScriptTask", [], "script-task", false],
    ["bpmn:ExclusiveGateway", ["bpmn:EndEvent"], "script-task", false],
  ])("%s to %j, %s: %j", (source, targets, what, between) => expect(lastFlow(from(source, ...targets), drawable(what)) !== undefined).toBe(between));
});
