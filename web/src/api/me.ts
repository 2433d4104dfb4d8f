import { queryOptions, useQuery } from "@tanstack/react-query";
import type { components } from "#schema";
import { usePlace } from "../shell/place";
import type { Right } from "../texts/rights";
import { api, body } from "./client";
import { projectOf } from "./projects";
import { mayMakeProjects, rightsAt, rightsEverywhere, rightsIn, type Tenancy } from "./rights";

export type Me = components["schemas"]["Me"];

/** Who is signed in, and what they may. */
export const me = () =>
  queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => body(api.GET("/api/v1/me", { signal })), staleTime: 60_000 });

/** Begins a session. */
export const signIn = (person: { email: string; password: string }) => body(api.POST("/api/v1/session", { body: person }));

/** Ends it. */
export const signOut = () => body(api.DELETE("/api/v1/session"));

/** Whose one-time link this is. */
export const linkOwner = (token: string) =>
  queryOptions({
    queryKey: ["sign-in-link", token],
    queryFn: ({ signal }) => body(api.POST("/api/v1/sign-in-link", { body: { token }, signal })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Sets the password by a one-time link and signs in. */
export const redeem = (sent: { token: string; password: string }) => body(api.POST("/api/v1/sign-in-link/redeem", { body: sent }));

/**
 * Whether the person may do something in the project of the address; without one, in the installation. Until that is
 * known it is yes: nothing flickers, and the server has the last word in any case.
 *
 * A page uses it in one of two ways:
 *
 *     <Allowed right="commit:create">        // components/Allowed: a Button, ActionIcon or Menu.Item that stays
 *       <Button onClick={…}>Commit</Button>  // visible, but does nothing and says why, for who may not
 *     </Allowed>
 *
 *     const mayOperate = useMay("runtime:operate");  // to leave out what is no use without the right (checkboxes,
 *     … {mayOperate && <BulkActs />}                 // menus, forms); whyNot(right) of texts/rights is the sentence
 *
 * Refusals (403) are still shown in the server's words by `Trouble`.
 */
export function useMay(right: Right): boolean {
  return useRights()(right);
}

/** The same, to ask for several rights. */
export function useRights(): (right: Right) => boolean {
  const { projectId } = usePlace();
  const who = useQuery(me()).data;
  const project = useQuery(projectOf(projectId)).data;
  if (!who || (projectId !== "" && !project)) return () => true;
  const rights = project ? rightsIn(who, project) : rightsEverywhere(who);
  return (right) => rights.has(right);
}

/** The same, of each project of a list. */
export function useRightsIn(): (right: Right, project: Tenancy) => boolean {
  const who = useQuery(me()).data;
  return (right, project) => who === undefined || rightsIn(who, project).has(right);
}

/** Whether the person may give and take roles of a level of the project of the address. */
export function useMayGive(): (level: string) => boolean {
  const { projectId } = usePlace();
  const who = useQuery(me()).data;
  const project = useQuery(projectOf(projectId)).data;
  return (level) => !who || !project || rightsAt(who, level, project).has("member:manage");
}

/** Whether the person may make projects. */
export function useMayMakeProjects(): boolean {
  const who = useQuery(me()).data;
  return who === undefined || mayMakeProjects(who);
}

/** Whether the person may do something in the installation, wherever they are. */
export function useMayEverywhere(right: Right): boolean {
  const who = useQuery(me()).data;
  return who !== undefined && rightsEverywhere(who).has(right);
}
