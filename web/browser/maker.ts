// What a test needs before it looks: projects, webhooks, processes, commits, made by the public API as anybody would.

/** A project that a test made. */
export interface Made {
  projectId: string;
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

/** A webhook with its trigger. */
export interface MadeWebhook {
  dataSourceId: string;
  triggerId: string;
  url: string;
}

/** Calls the API as the administrator; refusals throw with the server's words. */
export function caller(base: string, token: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    // a text is a diagram
    const type = typeof body === "string" ? "application/xml" : "application/json";
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": type }), ...(["PUT", "PATCH", "DELETE"].includes(method) ? { "if-match": "*" } : {}) },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
}

/** A new project. */
export async function project(base: string, token: string, name: string): Promise<Made> {
  const call = caller(base, token);
  const { id } = await call<{ id: string }>("POST", "/projects", { name });
  return { projectId: id, call: (method, path, body) => call(method, `/projects/${id}${path}`, body) };
}

/** A data source on `main`. */
export async function dataSource({ call }: Made, name: string): Promise<string> {
  return (await call<{ resourceDefinitionId: string }>("POST", "/branches/main/data-sources", { name })).resourceDefinitionId;
}

/** A process of one script on `main`, started by the data source. */
export async function scripted(made: Made, name: string, dataSourceId: string, script: string): Promise<string> {
  const bpmn = process(name, dataSourceId, script);
  const { resourceDefinitionId } = await made.call<{ resourceDefinitionId: string }>("POST", "/branches/main/process-definitions", { name, bpmn });
  return resourceDefinitionId;
}

/** Another script in the same process. */
export async function rescript({ call }: Made, processId: string, dataSourceId: string, script: string): Promise<void> {
  const path = `/branches/main/process-definitions/${processId}/bpmn`;
  await call("PUT", path, process("again", dataSourceId, script));
}

/** Commits everything on `main`. */
export async function commit({ call }: Made, message = "as it is"): Promise<void> {
  await call("POST", "/branches/main/commits", { message });
}

/** The trigger of a committed data source, and its URL. */
export async function webhook({ call }: Made, dataSourceId: string, active = true): Promise<MadeWebhook> {
  const { items } = await call<{ items: { id: string; dataSourceId: string }[] }>("GET", "/triggers");
  const triggerId = items.find((trigger) => trigger.dataSourceId === dataSourceId)?.id ?? "";
  if (active) await call("POST", `/triggers/${triggerId}/activate`);
  const { url } = await call<{ url: string }>("POST", `/triggers/${triggerId}/reveal-url`);
  return { dataSourceId, triggerId, url };
}

/** Sends what a sender would. The event's id. */
export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return (JSON.parse(text) as { eventId: string }).eventId;
}

/** Looks until it is there. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not in time`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

function process(name: string, dataSourceId: string, script: string): string {
  const escaped = script.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:forebay="http://forebay.dev/schema/bpmn/1.0" id="d" targetNamespace="http://forebay.dev/processes">
  <process id="p" name="${name}" isExecutable="true">
    <startEvent id="received" name="Received"><extensionElements><forebay:processTrigger triggerType="incomingWebhook" dataSource="${dataSourceId}"/></extensionElements><outgoing>in</outgoing><messageEventDefinition id="m"/></startEvent>
    <scriptTask id="work" name="Work" scriptFormat="javascript"><incoming>in</incoming><outgoing>out</outgoing><script>${escaped}</script></scriptTask>
    <endEvent id="done" name="Done"><incoming>out</incoming></endEvent>
    <sequenceFlow id="in" sourceRef="received" targetRef="work"/><sequenceFlow id="out" sourceRef="work" targetRef="done"/>
  </process>
  <bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="l" bpmnElement="p">
    ${shape("received", 180, 100, [36, 36])}${shape("work", 280, 78, [100, 80])}${shape("done", 440, 100, [36, 36])}${edge("in", [216, 118], [280, 118])}${edge("out", [380, 118], [440, 118])}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>`;
}

/** An element of a diagram, where it stands. */
export function shape(id: string, x: number, y: number, [width, height]: [number, number]): string {
  return `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}"/></bpmndi:BPMNShape>`;
}

/** A flow of a diagram, through these points. */
export function edge(id: string, ...points: [x: number, y: number][]): string {
  return `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${points.map(([x, y]) => `<di:waypoint x="${x}" y="${y}"/>`).join("")}</bpmndi:BPMNEdge>`;
}
