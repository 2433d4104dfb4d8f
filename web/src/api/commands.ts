import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import type { components } from "#schema";
import { api, body } from "./client";

type Queued = components["schemas"]["Queued"];
type Command = components["schemas"]["Command"];

/** How often a command is asked for while it runs. */
const ASK_EVERY = 250;

const command = (projectId: string, commandId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "operations", "command", commandId],
    queryFn: ({ signal }) => body(api.GET("/api/v1/projects/{projectId}/commands/{commandId}", { params: { path: { projectId, commandId } }, signal })),
    enabled: commandId !== "",
    refetchInterval: (query) => (query.state.data && ended(query.state.data) ? false : ASK_EVERY),
  });

/** Something that a runner carries out: asked for, then followed to its end. */
export interface Act<T> {
  start: (what: T) => void;
  busy: boolean;
  error: unknown;
  /** How it ended: in the server's words. */
  result: { ok: boolean; message: string; code: string } | undefined;
  reset: () => void;
}

/** Asks for a command and follows it. When it has ended, everything of these nouns is read again. */
export function useAct<T>(projectId: string, nouns: string[], ask: (what: T) => Promise<Queued>): Act<T> {
  const client = useQueryClient();
  const [id, setId] = useState("");
  const asked = useMutation({ mutationFn: ask, onMutate: () => setId(""), onSuccess: (queued) => setId(queued.commandId) });
  const followed = useQuery(command(projectId, id));
  const end = id !== "" && followed.data && ended(followed.data) ? followed.data : undefined;
  const endedId = end?.id;
  const readAgain = useEffectEvent(() => {
    for (const noun of nouns) void client.invalidateQueries({ queryKey: ["project", projectId, noun] });
  });
  useEffect(() => {
    if (endedId) readAgain();
  }, [endedId]);
  return {
    start: asked.mutate,
    busy: asked.isPending || (id !== "" && !end && !followed.error),
    error: asked.error ?? followed.error,
    result: end && outcome(end),
    reset: () => {
      asked.reset();
      setId("");
    },
  };
}

function ended(command: Command): boolean {
  return command.state === "done" || command.state === "failed";
}

/** A retry that ran and failed again is done, and says why: it did not do what was asked. */
function outcome(command: Command) {
  const said = report(command.result);
  const stands = command.kind !== "change-variables" && (said.message !== "" || said.code === "incident");
  return { ok: command.state === "done" && !stands, ...said };
}

/** What a runner says of a command: a code and a message. */
export function report(result: unknown): { code: string; message: string } {
  const said: Partial<Record<string, unknown>> = typeof result === "object" && result !== null ? { ...result } : {};
  return { code: text(said["code"]), message: text(said["message"]) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
