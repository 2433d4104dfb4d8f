import { useBlocker } from "@tanstack/react-router";
import { Confirm } from "./Confirm";

/** Asks before the page is left with something that is not saved. */
export function Unsaved({ changed, what }: { changed: boolean; what: string }) {
  const left = useBlocker({ shouldBlockFn: () => changed, enableBeforeUnload: () => changed, withResolver: true });
  return (
    <Confirm opened={left.status === "blocked"} onClose={() => left.reset?.()} title="Leave without saving?" act="Leave" keep="Stay" onConfirm={() => left.proceed?.()}>
      What you changed of {what} is not saved yet.
    </Confirm>
  );
}
