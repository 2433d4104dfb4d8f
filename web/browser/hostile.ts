// What strangers and members may write wherever the product keeps a text, and a project that is full of it.
import { inject } from "vitest";
import { type Made, caller, dataSource, edge, shape, until } from "./maker";
import { type Account, account, give } from "./people";

/** Short enough for names: at most 100 characters. */
export const NAME = `harm<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}`;
/** For lines of at most 200. */
export const LINE = `harm"><svg onload=alert(3)><a href="javascript:alert(4)">x</a> \${7*7} <%= 7 %> '--`;
/** For everything else: also what turns the direction of writing, and what is no end of. */
export const TEXT = `harm <iframe srcdoc="<script>alert(5)</script>"></iframe> javascript:alert(6) ]]> &lt;b&gt; \u202Elortnoc\u202C \u2066\u2067 ${"W".repeat(10_000)}`;
const ALL = `${NAME} ${LINE} ${TEXT}`;

/** What is in the page by then if any of it was more than text. */
export const BROUGHT_IN = "img[src='x'], svg[onload], script:not([src]), iframe, object, embed, [onerror], [onload], [srcdoc], a[href^='javascript']";

/** What was made, and where each of it is looked at. */
export interface Hostile {
  made: Made;
  writer: Account;
  dataSourceId: string;
  processId: string;
  commitId: string;
  failedId: string;
  refusedId: string;
  instanceId: string;
  incidentId: string;
  eventId: string;
}

interface Items {
  items: { id: string; dataSourceId: string; eventId: string; stage: string; status: string }[];
}

/** A project in which every text means harm: names, labels, documentation, messages, payloads, headers, causes. */
export async function hostile(): Promise<Hostile> {
  const call = caller(inject("base"), inject("token"));
  const { id: projectId } = await call<{ id: string }>("POST", "/projects", { name: `${NAME} ${crypto.randomUUID().slice(0, 8)}` });
  const made: Made = { projectId, call: (method, path, body) => call(method, `/projects/${projectId}${path}`, body) };
  const writer = await account(NAME);
  await give(projectId, writer.email, "editor");
  const dataSourceId = await dataSource(made, "harm[1](2).alert");
  const settings = `/branches/main/data-sources/${dataSourceId}`;
  await made.call("PATCH", settings, { description: `${NAME} ${LINE}`, redactedHeaders: ["X-Harm'`&^|~"] });
  const bpmn = diagram(dataSourceId, "throw new Error(webhookData.payload.harm);");
  const { resourceDefinitionId: processId } = await made.call<{ resourceDefinitionId: string }>("POST", "/branches/main/process-definitions", { name: "harm[process]", bpmn });
  await made.call("POST", "/branches/main/commits", { message: LINE });
  const commitId = (await made.call<Items>("GET", "/branches/main/commits")).items[0]?.id ?? "";
  const found = await ran(made);
  // and what is not committed yet differs in its texts
  await made.call("PATCH", settings, { description: LINE });
  await made.call("PUT", `/branches/main/process-definitions/${processId}/bpmn`, diagram(dataSourceId, `output.now = ${JSON.stringify(NAME)};`, "now "));
  return { made, writer, dataSourceId, processId, commitId, ...found };
}

/** One that fails, one that is refused, one that goes through. */
async function ran(made: Made): Promise<Pick<Hostile, "failedId" | "refusedId" | "instanceId" | "incidentId" | "eventId">> {
  const trigger = (await made.call<Items>("GET", "/triggers")).items[0]?.id ?? "";
  await made.call("POST", `/triggers/${trigger}/activate`);
  const { url } = await made.call<{ url: string }>("POST", `/triggers/${trigger}/reveal-url`);
  const headers = { "content-type": "application/json", "x-harm'`&^|~b": LINE, "x-harm'`&^|~": "redacted", "user-agent": NAME };
  const send = async (body: string) => (await fetch(url, { method: "POST", headers, body })).status;
  const statuses = [await send(JSON.stringify({ harm: ALL, [NAME]: { [LINE]: [TEXT] } })), await send(`{"${NAME}`), await send(JSON.stringify({ fine: ALL }))];
  if (statuses.join() !== "200,400,200") throw new Error(`answered ${statuses.join()}`);
  const list = (path: string) => made.call<Items>("GET", path);
  return until("what became of the requests", async () => {
    const failed = (await list("/failed-triggers")).items;
    const instances = (await list("/process-instances")).items;
    const [failure, refused] = [failed.find((one) => one.stage === "start"), failed.find((one) => one.stage !== "start")];
    const [instance, incident] = [instances.find((one) => one.status === "completed"), instances.find((one) => one.status === "incident")];
    if (!failure || !refused || !instance || !incident) return undefined;
    return { failedId: failure.id, refusedId: refused.id, instanceId: instance.id, incidentId: incident.id, eventId: incident.eventId };
  });
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A gateway between two scripts: the one that runs for `harm` fails with it. */
function diagram(dataSourceId: string, script: string, more = ""): string {
  const name = (what: string) => `name="${escaped(`${more}${what} ${NAME}`)}"`;
  const coloured = shape("work", 380, 78, [100, 80]).replace(" bpmnElement", ' bioc:fill="red&quot;&gt;&lt;script&gt;alert(7)&lt;/script&gt;" bioc:stroke="javascript:alert(8)" bpmnElement');
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" xmlns:forebay="http://forebay.dev/schema/bpmn/1.0" id="d" targetNamespace="http://forebay.dev/processes">
  <process id="p" ${name("process")} isExecutable="true"><documentation>${escaped(more + LINE)}</documentation>
    <startEvent id="received" ${name("received")}><documentation>${escaped(LINE)}</documentation><extensionElements><forebay:processTrigger triggerType="incomingWebhook" dataSource="${dataSourceId}"/></extensionElements><outgoing>in</outgoing><messageEventDefinition id="m"/></startEvent>
    <exclusiveGateway id="which" ${name("which")} default="well"><incoming>in</incoming><outgoing>ill</outgoing><outgoing>well</outgoing></exclusiveGateway>
    <scriptTask id="work" ${name("work")} scriptFormat="javascript"><documentation>${escaped(TEXT)}</documentation><incoming>ill</incoming><outgoing>out</outgoing><script>${escaped(script)}</script></scriptTask>
    <endEvent id="done" ${name("done")}><incoming>out</incoming></endEvent>
    <endEvent id="fine" ${name("fine")}><incoming>well</incoming></endEvent>
    <sequenceFlow id="in" sourceRef="received" targetRef="which"/>
    <sequenceFlow id="ill" ${name("ill")} sourceRef="which" targetRef="work"><conditionExpression xsi:type="tFormalExpression">webhookData.payload.harm !== undefined</conditionExpression></sequenceFlow>
    <sequenceFlow id="well" ${name("well")} sourceRef="which" targetRef="fine"/><sequenceFlow id="out" sourceRef="work" targetRef="done"/>
    <textAnnotation id="note"><text>${escaped(more + LINE)}</text></textAnnotation>
  </process>
  <bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="l" bpmnElement="p">
    ${shape("received", 180, 100, [36, 36])}${shape("which", 270, 93, [50, 50])}${coloured}${shape("done", 540, 100, [36, 36])}${shape("fine", 540, 240, [36, 36])}${shape("note", 620, 60, [120, 80])}
    ${edge("in", [216, 118], [270, 118])}${edge("ill", [320, 118], [380, 118])}${edge("well", [295, 143], [295, 258], [540, 258])}${edge("out", [480, 118], [540, 118])}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>`;
}
