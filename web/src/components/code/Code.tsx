import { Skeleton } from "@mantine/core";
import { Suspense, lazy } from "react";
import { partCode } from "../../late";
import type { Complaint } from "./editor";
import type { Known } from "./known";

/** An editor of JavaScript. */
export interface CodeProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  hint?: string;
  /** What the server says of it. */
  complaints?: Complaint[];
  /** What can be completed. */
  known?: Known[];
  minHeight?: number;
}

const Editing = lazy(() => partCode(() => import("./Editing")));

/** JavaScript with completion and errors in place. CodeMirror comes with the first one. */
export function Code(props: CodeProps) {
  return (
    <Suspense fallback={<Skeleton h={props.minHeight ?? 120} radius="sm" role="status" aria-label={props.label} />}>
      <Editing {...props} />
    </Suspense>
  );
}

export type { Complaint } from "./editor";
export type { Known } from "./known";
