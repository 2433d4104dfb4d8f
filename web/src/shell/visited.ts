import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { me } from "../api/me";
import { queries } from "../queries";
import type { Target } from "./palette";
import { usePlace } from "./place";

/** A page that was opened, and the project that it belongs to; without one, the installation. */
export interface Visit extends Target {
  projectId: string;
}

/** So many are kept. */
const MOST = 40;

/** A page that is only passed through is not one that was visited. */
const STAYED = 600;

/** Titles of pages whose thing is not read yet, or not there. */
const UNNAMED = new Set(["Process", "Process instance", "Failed trigger", "Event", "Data source", "Commit", "Change", "Resource"]);

/** Things of one name are many: the end of the id tells them apart. */
const MANY = new Set(["Process Instances", "Failed Triggers", "Events"]);

const key = () => `forebay.visited.${queries.getQueryData(me().queryKey)?.id ?? ""}`;

/** What the person opened last in this browser, the newest first. */
export function visited(storage: Storage = localStorage): Visit[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key()) ?? "[]");
    return Array.isArray(value) ? value.filter(isVisit) : [];
  } catch {
    return [];
  }
}

/** Puts a page in front; a full or forbidden store loses only this. */
export function visit(page: Visit, storage: Storage = localStorage): void {
  try {
    const others = visited(storage).filter((one) => one.to !== page.to);
    storage.setItem(key(), JSON.stringify([page, ...others].slice(0, MOST)));
  } catch {
    storage.removeItem(key());
  }
}

/** Who signs out leaves nothing behind for whoever sits here next. */
export function forgetVisited(storage: Storage = localStorage): void {
  storage.removeItem(key());
}

/** Keeps that the page of this title was opened; `kind`: the list that its thing is in. */
export function useVisit(title: string, kind: string | undefined): void {
  const to = useLocation({ select: (location) => location.pathname });
  const { projectId } = usePlace();
  useEffect(() => {
    if (UNNAMED.has(title)) return undefined;
    const label = kind && MANY.has(kind) ? `${title} …${to.slice(-6)}` : title;
    const timer = setTimeout(() => visit({ label, kind: kind ?? "Page", to, projectId }), STAYED);
    return () => clearTimeout(timer);
  }, [title, kind, to, projectId]);
}

function isVisit(value: unknown): value is Visit {
  if (typeof value !== "object" || value === null) return false;
  const of: Partial<Record<string, unknown>> = { ...value };
  return ["label", "kind", "to", "projectId"].every((name) => typeof of[name] === "string");
}
