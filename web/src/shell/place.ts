import { useParams } from "@tanstack/react-router";

/** Where the person is: ids that the address names. */
export interface Place {
  projectId: string;
  branch: string;
}

/** What an address ends with that leads to the message of a commit. */
export const MESSAGE = "message";

const remembered = (projectId: string) => `forebay.branch.${projectId}`;

/** The project and branch of the page. Runtime pages have no branch of their own: it is the one looked at last. */
export function usePlace(): Place {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  const projectId = params["projectId"] ?? "";
  return { projectId, branch: params["branch"] ?? lastBranch(projectId) };
}

function lastBranch(projectId: string): string {
  return sessionStorage.getItem(remembered(projectId)) ?? "main";
}

/** Keeps the branch for the pages that have none. */
export function rememberBranch(projectId: string, branch: string): void {
  sessionStorage.setItem(remembered(projectId), branch);
}

/** A parameter of the page's address that the route is known to have. */
export function useParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  return params[name] ?? "";
}
