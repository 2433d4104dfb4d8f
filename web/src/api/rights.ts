import type { components } from "#schema";

type Me = components["schemas"]["Me"];

/** Where a project is. */
export interface Tenancy {
  id: string;
  workspaceId: string;
  organizationId: string;
}

/** What the person may in a project: the union of the roles on it, its workspace and its organization. */
export function rightsIn(me: Me, project: Tenancy): Set<string> {
  if (me.projectId !== null && me.projectId !== project.id) return new Set();
  const places = new Map([
    ["project", project.id],
    ["workspace", project.workspaceId],
    ["organization", project.organizationId],
  ]);
  return new Set(me.roles.filter((role) => places.get(role.level) === role.id).flatMap((role) => role.rights));
}

/** What the person may where a role is given: on the organization, the workspace or the project. */
export function rightsAt(me: Me, level: string, project: Tenancy): Set<string> {
  const reach: Record<string, string[]> = { organization: ["organization"], workspace: ["workspace", "organization"] };
  const levels = reach[level];
  return rightsIn(levels ? { ...me, roles: me.roles.filter((role) => levels.includes(role.level)) } : me, project);
}

/** Whether the person may make projects: a role on the workspace, or above it, gives that. */
export function mayMakeProjects(me: Me): boolean {
  return me.projectId === null && me.roles.some((role) => role.level !== "project" && role.rights.includes("project:manage"));
}

/** What the person may in the installation: what a role on an organization gives. */
export function rightsEverywhere(me: Me): Set<string> {
  if (me.projectId !== null) return new Set();
  return new Set(me.roles.filter((role) => role.level === "organization").flatMap((role) => role.rights));
}
