import type { Element } from "bpmn-js/lib/model/Types";
import { expect, test } from "vitest";
import { kindOf } from "./kind";
import { APPENDABLE, DRAWABLE, turnableInto } from "./runs";

const element = (type: string, definition?: string) =>
  ({ type, businessObject: definition ? { eventDefinitions: [{ $type: definition }] } : {} }) as unknown as Element;

test("only what the engine runs, and notes, can be drawn", () => {
  expect(DRAWABLE.map((one) => `${one.type} ${one.definition ?? ""}`.trim())).toEqual([
    "bpmn:StartEvent bpmn:MessageEventDefinition",
    "bpmn:StartEvent",
    "bpmn:EndEvent",
    "bpmn:EndEvent bpmn:TerminateEventDefinition",
    "bpmn:ScriptTask",
    "bpmn:ExclusiveGateway",
    "bpmn:ParallelGateway",
    "bpmn:SubProcess",
    "bpmn:TextAnnotation",
    "bpmn:DataObjectReference",
  ]);
});

test("nothing that begins a process is appended", () => {
  expect(APPENDABLE.some((one) => one.type === "bpmn:StartEvent")).toBe(false);
});

test.each([
  ["bpmn:StartEvent", undefined, ["message-start"]],
  ["bpmn:StartEvent", "bpmn:MessageEventDefinition", ["start"]],
  ["bpmn:StartEvent", "bpmn:TimerEventDefinition", ["message-start", "start"]],
  ["bpmn:EndEvent", "bpmn:ErrorEventDefinition", ["end", "terminate-end"]],
  ["bpmn:InclusiveGateway", undefined, ["exclusive-gateway", "parallel-gateway"]],
  ["bpmn:UserTask", undefined, ["script-task", "subprocess"]],
  ["bpmn:ScriptTask", undefined, ["subprocess"]],
  ["bpmn:SequenceFlow", undefined, []],
])("%s (%s) can be turned into what runs", (type, definition, keys) => {
  expect(turnableInto(element(type, definition)).map((one) => one.key)).toEqual(keys);
});

test.each([
  ["bpmn:StartEvent", "bpmn:MessageEventDefinition", "Message start event"],
  ["bpmn:SequenceFlow", undefined, "Flow"],
  ["bpmn:UserTask", undefined, "User task"],
  ["bpmn:IntermediateCatchEvent", "bpmn:TimerEventDefinition", "Timer intermediate catch event"],
  ["bpmn:AdHocSubProcess", undefined, "Ad hoc subprocess"],
])("%s (%s) is called %s", (type, definition, name) => {
  expect(kindOf(type, definition)).toBe(name);
});
