import { Alert, Text } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Part } from "../late";
import { useLate } from "./Late";

/** What is told of something that has no place of its own on the page. */
interface Said {
  title: string;
  message: string;
}

const toasts = new Part(() => import("@mantine/notifications"));
const waiting: Said[] = [];
const listeners = new Set<() => void>();
let count = 0;

/** Tells of a failure, at the edge of the page. */
export function toast(said: Said): void {
  waiting.push(said);
  count += 1;
  for (const tell of listeners) tell();
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Where they stand: at the top right, since the mark of bpmn.io at the bottom right of each diagram may never be covered. */
export function Toasts() {
  const asked = useSyncExternalStore(listen, () => count);
  const { code, error } = useLate(toasts, asked > 0);
  const [closed, setClosed] = useState(0);
  useEffect(() => {
    if (code) for (const said of waiting.splice(0)) code.notifications.show({ ...said, color: "red" });
  }, [code, asked]);
  if (code) return <code.Notifications position="top-right" containerWidth={360} />;
  const last = waiting.at(-1);
  if (error === undefined || !last || closed === asked) return null;
  // what was to be told is told all the same
  return (
    <Alert color="red" variant="default" role="alert" title={last.title} withCloseButton onClose={() => setClosed(asked)} style={{ position: "fixed", zIndex: 400, top: 12, right: 12, width: 360, maxWidth: "calc(100vw - 24px)" }}>
      <Text size="sm">{last.message}</Text>
    </Alert>
  );
}
