import type { AuditEntry } from "../../api/audit";

/** The thing that an entry is about: how it is called, and its page where it has one. */
export interface AuditTarget {
  name: string;
  to?: string;
}

/** What the entry is about; `people`: the e-mails of users. Deleted things have no page, and things of the installation only where they have a list. */
export function targetOf(entry: AuditEntry, branch: string, people: Map<string, string> = new Map()): AuditTarget {
  const detail = known(entry.detail);
  const [noun = "", verb = ""] = entry.action.split(".");
  const name = detail["name"] ?? detail["to"] ?? detail["email"] ?? people.get(entry.target) ?? entry.target;
  const to = verb === "delete" ? undefined : addressOf(noun, entry, detail["branch"] ?? branch);
  return to === undefined ? { name } : { name, to };
}

function addressOf(noun: string, entry: AuditEntry, branch: string): string | undefined {
  if (entry.projectId === null) return noun === "user" || noun === "sign-in-link" ? "/users" : undefined;
  const project = `/projects/${entry.projectId}`;
  const below = `${project}/branches/${encodeURIComponent(branch)}`;
  const addresses: Record<string, string> = {
    project,
    member: `${project}/members`,
    token: `${project}/members`,
    trigger: `${project}/triggers`,
    policy: `${project}/policy`,
    branch: `${below}/versions`,
    commit: `${below}/versions`,
    "data-source": `${below}/data-sources/${entry.target}`,
    "process-definition": `${below}/processes/${entry.target}`,
    instance: `${project}/instances/${entry.target}`,
    incident: `${project}/instances/${entry.target}`,
    "failed-trigger": `${project}/failed-triggers/${entry.target}`,
  };
  return addresses[noun];
}

/** What of the details is a text. */
function known(detail: object): Record<string, string | undefined> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(detail)) if (typeof value === "string") texts[name] = value;
  return texts;
}
