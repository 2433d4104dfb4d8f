/** Rights and roles in words: the one table that pages, forms and refusals in advance take them from. */

/** The names of the rights, as the API has them. */
export type Right =
  | "account:manage"
  | "project:read"
  | "project:manage"
  | "resource:write"
  | "commit:create"
  | "policy:write"
  | "trigger:operate"
  | "trigger:reveal-url"
  | "trigger:reset-api-key"
  | "runtime:read"
  | "payload:read"
  | "runtime:operate"
  | "member:manage"
  | "user:manage"
  | "audit:read";

/** What each right lets somebody do; to be read after "may". In the order in which they are shown. */
export const RIGHTS: Record<Right, string> = {
  "project:read": "see projects, processes, data sources, versions and triggers",
  "project:manage": "make, rename and delete projects",
  "resource:write": "change processes and data sources",
  "commit:create": "commit",
  "policy:write": "choose which commit runs",
  "trigger:operate": "activate and deactivate triggers",
  "trigger:reveal-url": "see webhook URLs with their keys",
  "trigger:reset-api-key": "reset API keys",
  "runtime:read": "see instances, events and failed triggers, without payloads",
  "payload:read": "see payloads and variables",
  "runtime:operate": "retry, dismiss, cancel and change variables",
  "member:manage": "give and take roles",
  "user:manage": "make, change and disable users",
  "audit:read": "see the audit",
  "account:manage": "manage the own account: password, sessions and tokens",
};

/** Who may do it by role, weakest first. */
const ROLES_WITH: Record<Right, string> = {
  "project:read": "any role",
  "project:manage": "administrators",
  "resource:write": "editors and administrators",
  "commit:create": "editors and administrators",
  "policy:write": "operators and administrators",
  "trigger:operate": "operators and administrators",
  "trigger:reveal-url": "operators and administrators",
  "trigger:reset-api-key": "operators and administrators",
  "runtime:read": "any role",
  "payload:read": "operators, administrators, and members with the extra right to payloads",
  "runtime:operate": "operators and administrators",
  "member:manage": "administrators",
  "user:manage": "administrators of the organization",
  "audit:read": "administrators",
  "account:manage": "every user",
};

/** Why something is not offered. */
export function whyNot(right: Right): string {
  return `Your role does not let you ${RIGHTS[right]}. This is for ${ROLES_WITH[right]}; ask an administrator.`;
}

/** The roles: their word, and what they are for. */
export const ROLES: { value: string; label: string; may: string }[] = [
  { value: "viewer", label: "Viewer", may: "Sees everything but keys and payloads." },
  { value: "editor", label: "Editor", may: "Also draws processes, makes data sources and commits." },
  { value: "operator", label: "Operator", may: "Sees everything with payloads; activates triggers, reveals URLs, resets keys, retries, cancels, chooses what runs." },
  { value: "admin", label: "Administrator", may: "Everything, members and audit too." },
];

/** The word for a role. */
export function roleWord(role: string): string {
  return ROLES.find((one) => one.value === role)?.label ?? role;
}

/** The words for some roles. */
export const roleWords = (roles: string[]): string => roles.map(roleWord).join(", ");
