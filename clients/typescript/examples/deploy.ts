// Creates a webhook, deploys a process and activates it; prints the webhook's URL.
//   FOREBAY_TOKEN=<a token> npm run deploy -- ../../docs/examples/order.bpmn [http://127.0.0.1:8080]
import { readFileSync } from "node:fs";
import { argv, env, pid } from "node:process";
import { forebay, good } from "../src/client.js";

const [file = "../../docs/examples/order.bpmn", server = "http://127.0.0.1:8080"] = argv.slice(2);
const api = forebay(server, env["FOREBAY_TOKEN"] ?? "");

const { id: projectId } = await good(api.POST("/api/v1/projects", { body: { name: `Deployed by TypeScript ${pid}` } }));
const main = { params: { path: { projectId, branch: "main" } } };
const orders = await good(api.POST("/api/v1/projects/{projectId}/branches/{branch}/data-sources", { ...main, body: { name: "orders" } }));
const bpmn = readFileSync(file, "utf8").replace("DATA_SOURCE_ID", orders.resourceDefinitionId);
await good(api.POST("/api/v1/projects/{projectId}/branches/{branch}/process-definitions", { ...main, body: { name: "order-intake", bpmn } }));
await good(api.POST("/api/v1/projects/{projectId}/branches/{branch}/commits", { ...main, body: { message: "Orders start a process" } }));
const { items } = await good(api.GET("/api/v1/projects/{projectId}/triggers", { params: { path: { projectId } } }));
const triggerId = items[0]?.id ?? "";
const trigger = { params: { path: { projectId, triggerId } } };
await good(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/activate", trigger));
console.log((await good(api.POST("/api/v1/projects/{projectId}/triggers/{triggerId}/reveal-url", trigger))).url);
