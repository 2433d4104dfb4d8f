import { useInfiniteQuery } from "@tanstack/react-query";
import { members } from "../../api/members";
import { users } from "../../api/users";

/** The e-mails of those who can have done something: members of the project, or users of the installation. */
export function usePeople(projectId: string): Map<string, string> {
  const inProject = useInfiniteQuery({ ...members(projectId), enabled: projectId !== "" });
  const everywhere = useInfiniteQuery({ ...users({}), enabled: projectId === "" });
  const known = new Map<string, string>();
  for (const page of inProject.data?.pages ?? []) for (const member of page.items) known.set(member.userId, member.email);
  for (const page of everywhere.data?.pages ?? []) for (const user of page.items) known.set(user.id, user.email);
  return known;
}
