import { expect, test } from "vitest";
import { compare } from "./compare";

const file = (inside: string, x = 10) => `<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" targetNamespace="t">
  <process id="p"><startEvent id="s"/>${inside}</process>
  <bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="l" bpmnElement="p"><bpmndi:BPMNShape id="s_di" bpmnElement="s"><dc:Bounds x="${x}" y="0" width="36" height="36"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>`;

test("two versions are compared by element: only here, changed, moved", async () => {
  const mine = file('<scriptTask id="a"><script>1</script></scriptTask><endEvent id="mine"/>', 20);
  const theirs = file('<scriptTask id="a"><script>2</script></scriptTask><endEvent id="theirs"/>');
  const found = await compare(mine, theirs);
  expect(found.mine.map((mark) => [mark.element, mark.kind])).toEqual([["s", "moved"], ["a", "changed"], ["mine", "added"]]);
  expect(found.theirs.map((mark) => [mark.element, mark.kind])).toEqual([["s", "moved"], ["a", "changed"], ["theirs", "added"]]);
});

test("the same in other words is the same", async () => {
  const one = file('<endEvent id="e" name="x"/>');
  expect(await compare(one, one.replace('id="e" name="x"', 'name="x"   id="e"'))).toEqual({ mine: [], theirs: [] });
});
