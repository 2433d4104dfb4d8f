import type { ReactNode } from "react";
import classes from "./Below.module.css";

/**
 * What is told of a list while somebody works in it. It stands below the list, and in sight however long that is: rows
 * that are there stay under the pointer. On pages without a diagram, since the mark of bpmn.io may never be covered.
 */
export function Below({ children }: { children: ReactNode }) {
  return <div className={classes["below"]}>{children}</div>;
}
