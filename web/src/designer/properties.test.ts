import { BpmnModdle } from "bpmn-moddle";
import { expect, test } from "vitest";
import type { Element } from "bpmn-js/lib/model/Types";
import { FOREBAY, type ModdleElement, listed, part } from "../components/diagram/moddle";
import { condition, conditioned, documentation, documented, idTrouble, isDefault, trigger, triggered } from "./properties";

const FILE = `<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:fb="http://forebay.dev/schema/bpmn/1.0" xmlns:x="http://vendor.example/x" targetNamespace="t">
  <b:process id="p" isExecutable="true">
    <b:startEvent id="s"><b:documentation>first</b:documentation><b:documentation textFormat="text/html">second</b:documentation>
      <b:extensionElements><x:own color="red"/><fb:processTrigger triggerType="incomingWebhook" dataSource="one"/></b:extensionElements>
      <b:messageEventDefinition id="m"/></b:startEvent>
    <b:exclusiveGateway id="g" default="no"/>
    <b:sequenceFlow id="in" sourceRef="s" targetRef="g"/>
    <b:sequenceFlow id="no" sourceRef="g" targetRef="e"/>
    <b:sequenceFlow id="yes" sourceRef="g" targetRef="e"><b:conditionExpression>a &lt; 1</b:conditionExpression></b:sequenceFlow>
    <b:endEvent id="e"/>
  </b:process>
</b:definitions>`;

async function read(xml: string) {
  const moddle = new BpmnModdle({ forebay: FOREBAY });
  const { rootElement } = await moddle.fromXML(xml);
  const all = new Map(listed(listed(rootElement, "rootElements")[0], "flowElements").map((one) => [one.id, one]));
  const element = (id: string) => ({ businessObject: all.get(id) }) as unknown as Element;
  const write = async () => (await moddle.toXML(rootElement, { format: true })).xml;
  return { moddle, element, write, model: (id: string): ModdleElement => all.get(id)! };
}

test("the trigger is read by its namespace, whatever its prefix", async () => {
  const { element } = await read(FILE);
  expect(trigger(element("s"))).toEqual({ triggerType: "incomingWebhook", dataSource: "one" });
  expect(trigger(element("e"))).toBeUndefined();
});

test("another webhook takes the place of the first; what others wrote stays", async () => {
  const { moddle, element, write, model } = await read(FILE);
  model("s").set("extensionElements", triggered(moddle, element("s"), { triggerType: "incomingWebhook", dataSource: "two" }));
  const xml = await write();
  expect(xml).toContain('dataSource="two"');
  expect(xml).not.toContain('dataSource="one"');
  expect(xml).toContain('<x:own color="red" />');
  const again = await read(xml);
  expect(trigger(again.element("s"))).toEqual({ triggerType: "incomingWebhook", dataSource: "two" });
});

test("conditions are written as JavaScript, and an empty one is none", async () => {
  const { moddle, element, write, model } = await read(FILE);
  expect(condition(element("yes"))).toBe("a < 1");
  expect(condition(element("in"))).toBeUndefined();
  model("yes").set("conditionExpression", conditioned(moddle, element("yes"), "b && c < 2"));
  const xml = await write();
  expect(xml).toContain('language="javascript"');
  expect(condition((await read(xml)).element("yes"))).toBe("b && c < 2");
  expect(conditioned(moddle, element("yes"), " \n")).toBeUndefined();
});

test("the default flow is the one that the gateway names", async () => {
  const { element } = await read(FILE);
  expect([isDefault(element("no")), isDefault(element("yes")), isDefault(element("in"))]).toEqual([true, false, false]);
});

test("the first documentation is changed; those for others stay", async () => {
  const { moddle, element, write, model } = await read(FILE);
  expect(documentation(element("s"))).toBe("first");
  model("s").set("documentation", documented(moddle, element("s"), "</documentation><script>"));
  const again = await read(await write());
  expect(documentation(again.element("s"))).toBe("</documentation><script>");
  expect(listed(again.model("s"), "documentation")).toHaveLength(2);
  expect(part(again.model("s"), "extensionElements")).toBeDefined();
});

test.each([
  ["", false, /needs an id/],
  ["1a", false, /Begin with/],
  ["a b", false, /Begin with/],
  ["größe.1-x", false, undefined],
  ["a", true, /Another/],
])("the id %j (taken: %s)", (id, taken, trouble) => {
  const said = idTrouble(id, taken);
  if (trouble) expect(said).toMatch(trouble);
  else expect(said).toBeUndefined();
});
