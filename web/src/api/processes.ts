import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import type { Place } from "../shell/place";
import { all, byName } from "./all";
import { type Tagged, api, body, tagged } from "./client";

export type ProcessDefinition = components["schemas"]["ProcessDefinition"];
export type Check = components["schemas"]["CheckResult"];
export type Trial = components["schemas"]["Trial"];
export type TrialVisit = components["schemas"]["TrialVisit"];
export type PayloadShape = components["schemas"]["PayloadShape"];
export type CheckProblem = components["schemas"]["CheckProblem"];

const LIST = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions";
const ONE = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}";
const BPMN = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/bpmn";
const TRY = "/api/v1/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/try";
const SHAPE = "/api/v1/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}/payload-shape";
const CHECK = "/api/v1/projects/{projectId}/branches/{branch}/check";

/** Everything that was read of the processes of a project. */
export const processesKey = (projectId: string) => ["project", projectId, "process-definitions"];

/** The processes of a branch, by name. */
export const processes = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: [...processesKey(projectId), "list", branch],
    queryFn: async ({ signal }) => (await all((query) => body(api.GET(LIST, { params: { path: { projectId, branch }, query }, signal })))).toSorted(byName),
  });

/** One process, with its ETag. */
export const process = ({ projectId, branch }: Place, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...processesKey(projectId), "one", branch, resourceDefinitionId],
    queryFn: ({ signal }) => tagged(api.GET(ONE, { params: { path: { projectId, branch, resourceDefinitionId } }, signal })),
  });

/** Its diagram as it was saved, with the ETag that a change of it needs. */
export const bpmn = ({ projectId, branch }: Place, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...processesKey(projectId), "bpmn", branch, resourceDefinitionId],
    queryFn: ({ signal }): Promise<Tagged<string>> =>
      tagged(api.GET(BPMN, { params: { path: { projectId, branch, resourceDefinitionId } }, parseAs: "text", signal })),
  });

/** What a process would do with an event now; nothing is stored. */
export function tryProcess({ projectId, branch }: Place, id: string, wish: components["schemas"]["TryOut"]): Promise<Trial> {
  const path = { projectId, branch, resourceDefinitionId: id };
  return body(api.POST(TRY, { params: { path }, body: wish }));
}

/** Names and types in the newest payloads and headers of a webhook. */
export const payloadShape = ({ projectId, branch }: Place, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "events", "shape", branch, resourceDefinitionId],
    staleTime: 60_000,
    queryFn: ({ signal }) => body(api.GET(SHAPE, { params: { path: { projectId, branch, resourceDefinitionId } }, signal })),
  });

/** Saves a diagram that was read with this ETag. */
export function saveBpmn({ projectId, branch }: Place, id: string, etag: string, xml: string): Promise<Tagged<ProcessDefinition>> {
  const params = { path: { projectId, branch, resourceDefinitionId: id }, header: { "If-Match": etag } };
  return tagged(api.PUT(BPMN, { params, body: xml, bodySerializer: (text) => text, headers: { "content-type": "application/xml" } }));
}

/** Makes a process; without a file, the server's first diagram. */
export function makeProcess({ projectId, branch }: Place, name: string, file?: string): Promise<ProcessDefinition> {
  return body(api.POST(LIST, { params: { path: { projectId, branch } }, body: { name, ...(file === undefined ? {} : { bpmn: file }) } }));
}

/** Renames one that was read with this ETag. */
export function renameProcess({ projectId, branch }: Place, id: string, etag: string, name: string) {
  const params = { path: { projectId, branch, resourceDefinitionId: id }, header: { "If-Match": etag } };
  return tagged(api.PATCH(ONE, { params, body: { name } }));
}

/** Deletes one that was read with this ETag. */
export async function deleteProcess({ projectId, branch }: Place, id: string, etag: string): Promise<void> {
  await api.DELETE(ONE, { params: { path: { projectId, branch, resourceDefinitionId: id }, header: { "If-Match": etag } } });
}

/** What the branch's work in progress would be refused for. */
export const branchCheck = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: [...processesKey(projectId), "check", branch],
    queryFn: ({ signal }) => body(api.POST(CHECK, { params: { path: { projectId, branch } }, body: {}, signal })),
  });

/** What a draft would be refused for. */
export function checkDraft({ projectId, branch }: Place, id: string, xml: string, signal: AbortSignal): Promise<Check> {
  return body(api.POST(CHECK, { params: { path: { projectId, branch } }, body: { resourceDefinitionId: id, bpmn: xml }, signal }));
}
