import type { components } from "#schema";
import { spanQuery, type SpanValues } from "../components/span";
import { given } from "../components/useFilters";
import { api, body } from "./client";
import { listOptions } from "./list";

export type AuditEntry = components["schemas"]["AuditEntry"];
export type Verification = components["schemas"]["Verification"];

/** The filters of the list, as they stand in the address. */
export const AUDIT_FILTERS = ["userId", "action", "target", "last", "from", "to"] as const;
export type AuditFilters = Record<(typeof AUDIT_FILTERS)[number], string>;

/** The filters as the API takes them, at this moment. */
export function auditQuery({ last, from, to, ...rest }: AuditFilters): Record<string, string> {
  const span: SpanValues = { last, from, to };
  return { ...given(rest), ...spanQuery(span, Date.now()) };
}

/** What was done in a project; without one, in the installation. The newest first. */
export const audit = (projectId: string, filters: AuditFilters) =>
  listOptions<AuditEntry>(projectId ? ["project", projectId, "audit", filters] : ["audit", filters], (page, signal) => {
    const query = { ...page, ...auditQuery(filters) };
    return projectId
      ? body(api.GET("/api/v1/projects/{projectId}/audit", { params: { path: { projectId }, query }, signal }))
      : body(api.GET("/api/v1/audit", { params: { query }, signal }));
  });

/** Where the file is that has all entries that fit the filters. */
export function exportAddress(projectId: string, format: "ndjson" | "csv", filters: AuditFilters): string {
  const at = projectId ? `/api/v1/projects/${encodeURIComponent(projectId)}/audit/export` : "/api/v1/audit/export";
  return `${at}?${new URLSearchParams({ format, ...auditQuery(filters) }).toString()}`;
}

/** Follows the chain of the project's audit; without one, of all. */
export const verify = (projectId: string): Promise<Verification> =>
  projectId
    ? body(api.GET("/api/v1/projects/{projectId}/audit/verification", { params: { path: { projectId } } }))
    : body(api.GET("/api/v1/audit/verification"));
