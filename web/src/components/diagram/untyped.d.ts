// What we use of packages that bring no types.

declare module "bpmn-auto-layout" {
  /** Gives a file without a layout one. */
  export function layoutProcess(xml: string): Promise<string>;
}

declare module "bpmn-moddle" {
  import type { ModdleElement } from "./moddle";

  /** Reads and writes BPMN. */
  export class BpmnModdle {
    constructor(extensions?: Record<string, unknown>);
    fromXML(xml: string): Promise<{ rootElement: ModdleElement; warnings: unknown[] }>;
    toXML(element: ModdleElement, options?: { format?: boolean }): Promise<{ xml: string }>;
    create(type: string, attributes?: Record<string, unknown>): ModdleElement;
  }
}
