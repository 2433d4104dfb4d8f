import { queryOptions } from "@tanstack/react-query";
import type { components } from "#schema";
import type { Place } from "../shell/place";
import { all, byName } from "./all";
import { api, body, tagged } from "./client";

export type DataSource = components["schemas"]["DataSource"];
export type DataSourceChange = components["schemas"]["DataSourceChange"];
export type NewDataSource = components["schemas"]["NewDataSource"];

const LIST = "/api/v1/projects/{projectId}/branches/{branch}/data-sources";
const ONE = "/api/v1/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}";

/** Everything that was read of the data sources of a project. */
export const dataSourcesKey = (projectId: string) => ["project", projectId, "data-sources"];

/** The data sources of a branch, by name. */
export const dataSources = ({ projectId, branch }: Place) =>
  queryOptions({
    queryKey: [...dataSourcesKey(projectId), "list", branch],
    queryFn: async ({ signal }) => (await all((query) => body(api.GET(LIST, { params: { path: { projectId, branch }, query }, signal })))).toSorted(byName),
  });

/** One data source, with its ETag. */
export const dataSource = ({ projectId, branch }: Place, resourceDefinitionId: string) =>
  queryOptions({
    queryKey: [...dataSourcesKey(projectId), "one", branch, resourceDefinitionId],
    queryFn: ({ signal }) => tagged(api.GET(ONE, { params: { path: { projectId, branch, resourceDefinitionId } }, signal })),
  });

/** Makes an incoming webhook in a branch's work in progress. */
export function makeDataSource({ projectId, branch }: Place, made: NewDataSource): Promise<DataSource> {
  return body(api.POST(LIST, { params: { path: { projectId, branch } }, body: made }));
}

/** Changes one that was read with this ETag. */
export function changeDataSource({ projectId, branch }: Place, id: string, etag: string, change: DataSourceChange) {
  const params = { path: { projectId, branch, resourceDefinitionId: id }, header: { "If-Match": etag } };
  return tagged(api.PATCH(ONE, { params, body: change }));
}

/** Deletes one that was read with this ETag. */
export async function deleteDataSource({ projectId, branch }: Place, id: string, etag: string): Promise<void> {
  await api.DELETE(ONE, { params: { path: { projectId, branch, resourceDefinitionId: id }, header: { "If-Match": etag } } });
}

/** How many of the last requests are shown. */
const LAST = 10;

/** The last requests of a data source with the right key, refused ones and those that wait too, the newest first. */
export const lastRequests = (projectId: string, triggerId: string | undefined) =>
  queryOptions({
    queryKey: ["project", projectId, "events", "requests", triggerId],
    enabled: triggerId !== undefined,
    queryFn: ({ signal }) => {
      const params = { path: { projectId, triggerId: triggerId ?? "" }, query: { limit: LAST } };
      return body(api.GET("/api/v1/projects/{projectId}/triggers/{triggerId}/requests", { params, signal }));
    },
  });

/** The last events of a data source that the runner is past, the newest first. */
export const lastEvents = (projectId: string, dataSourceId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "events", "last", dataSourceId],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/projects/{projectId}/events", { params: { path: { projectId }, query: { dataSourceId, limit: LAST } }, signal })),
  });
