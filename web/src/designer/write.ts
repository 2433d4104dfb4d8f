// What the panel changes: each act is one step of undo.
import type BpmnFactory from "bpmn-js/lib/features/modeling/BpmnFactory";
import type Modeling from "bpmn-js/lib/features/modeling/Modeling";
import type { Element } from "bpmn-js/lib/model/Types";
import type { ModdleElement } from "../components/diagram/moddle";
import type { Designer } from "./useDesigner";
import { type Trigger, conditioned, documented, isDefault, model, runs, triggered } from "./properties";

/** Writes into elements of the diagram. */
export class Writer {
  private readonly modeling: Modeling;
  private readonly factory: BpmnFactory;

  constructor(private readonly designer: Designer) {
    this.modeling = designer.modeler.get<Modeling>("modeling");
    this.factory = designer.modeler.get<BpmnFactory>("bpmnFactory");
  }

  name(element: Element, name: string): void {
    this.typed(element, "name", { name: name === "" ? undefined : name });
  }

  /** The words of a text annotation. */
  words(element: Element, words: string): void {
    this.typed(element, "text", { text: words });
  }

  id(element: Element, id: string): void {
    this.modeling.updateProperties(element, { id });
  }

  documentation(element: Element, words: string): void {
    this.typed(element, "documentation", { documentation: documented(this.factory, element, words) });
  }

  script(element: Element, script: string): void {
    this.typed(element, "script", { script: script === "" ? undefined : script, scriptFormat: "javascript" });
  }

  trigger(element: Element, trigger: Trigger): void {
    this.modeling.updateProperties(element, { extensionElements: triggered(this.factory, element, trigger) });
  }

  condition(flow: Element, source: string): void {
    this.typed(flow, "condition", { conditionExpression: conditioned(this.factory, flow, source) });
  }

  /** Makes a flow the default of its gateway; the condition, which would never be asked, goes. */
  makeDefault(flow: Element): void {
    const gateway = "source" in flow ? (flow.source as Element) : undefined;
    if (!gateway) return;
    this.designer.edits.run("", () => {
      this.modeling.updateProperties(gateway, { default: model(flow) });
      this.modeling.updateProperties(flow, { conditionExpression: undefined });
    });
    this.designer.edits.end();
  }

  /** A flow that is taken on its condition. */
  makeConditional(flow: Element): void {
    const gateway = "source" in flow ? (flow.source as Element) : undefined;
    if (gateway && isDefault(flow)) this.modeling.updateProperties(gateway, { default: undefined });
  }

  /** Marks one process as the one that runs; two cannot. */
  runs(element: Element, processes: ModdleElement[], id: string): void {
    this.designer.edits.run("", () => {
      for (const process of processes) {
        const isExecutable = process.id === id;
        if (runs(process) !== isExecutable) this.modeling.updateModdleProperties(element, process as never, { isExecutable });
      }
    });
    this.designer.edits.end();
  }

  connect(source: Element, target: Element): void {
    this.modeling.connect(source, target);
  }

  remove(element: Element): void {
    this.modeling.removeElements([element as never]);
  }

  private typed(element: Element, what: string, properties: Record<string, unknown>): void {
    this.designer.edits.run(`${element.id} ${what}`, () => this.modeling.updateProperties(element, properties));
  }
}
