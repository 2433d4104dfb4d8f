import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./client";

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
