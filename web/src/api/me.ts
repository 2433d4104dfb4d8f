import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./client";
import { Refusal } from "./refusal";

/** Who is signed in, and what they may. */
export const me = () =>
  queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => body(api.GET("/api/v1/me", { signal })), staleTime: 60_000 });

/** Begins a session. */
export async function signIn(person: { email: string; password: string }): Promise<void> {
  const response = await fetch("/api/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(person),
  });
  if (!response.ok) throw await Refusal.read(response);
}

/** Ends it. */
export async function signOut(): Promise<void> {
  const response = await fetch("/api/v1/session", { method: "DELETE" });
  if (!response.ok && response.status !== 401) throw await Refusal.read(response);
}
