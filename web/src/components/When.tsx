import { useEffect, useState } from "react";
import { Tooltip } from "./Tooltip";
import { relative, exactUtc, local } from "./time";

/** A time: relative to now, exact in UTC and in the person's zone on hover. `linked`: a link around it takes the focus. */
export function When({ at, linked = false }: { at: string | null | undefined; linked?: boolean }) {
  useMinute();
  if (!at) return <span>–</span>;
  return (
    <Tooltip label={`${exactUtc(at)} · ${local(at)}`} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} {...(linked ? {} : { tabIndex: 0 })} style={{ whiteSpace: "nowrap" }}>
        {relative(at, Date.now())}
      </time>
    </Tooltip>
  );
}

/** Draws anew each half minute, so that "1 minute ago" does not stay. */
function useMinute(): void {
  const [, draw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => draw((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
}
