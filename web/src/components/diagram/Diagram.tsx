import { Skeleton } from "@mantine/core";
import { Suspense, lazy } from "react";
import { partCode } from "../../late";
import type { Mark } from "./marks";

/** What a diagram is drawn of. */
export interface DiagramProps {
  /** The file: BPMN 2.0 XML. */
  xml: string;
  /** What it shows, for those who cannot see it: "Process order_intake". */
  label: string;
  /** What is painted on elements and flows. Keep the array while it stays the same: a new one is painted anew. */
  marks?: Mark[];
  /** The element that is chosen elsewhere on the page. */
  selected?: string | undefined;
  /** An element or flow was clicked; nothing where the ground was. */
  onSelect?: (id: string | undefined) => void;
  height?: number | string;
}

const Drawing = lazy(() => partCode(() => import("./Drawing")));

/** A process as a picture, to look at and to point into. bpmn-js comes with the first one. */
export function Diagram(props: DiagramProps) {
  return (
    <Suspense fallback={<Skeleton h={props.height ?? 360} radius="md" role="status" aria-label={props.label} />}>
      <Drawing {...props} />
    </Suspense>
  );
}

export type { Mark, MarkKind } from "./marks";
