import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** What a page can tell the next one. */
type Word = "made" | "making";

declare module "@tanstack/react-router" {
  // as it is declared there
  interface HistoryState {
    /** The thing that is shown was made just now. */
    made?: boolean;
    /** One is to be made at once. */
    making?: boolean;
  }
}

/** Whether the page before has said this. It is said once: a reload, or the way back, knows nothing of it. */
export function useSaid(word: Word): boolean {
  const now = useLocation({ select: ({ state }) => state[word] === true });
  const [said] = useState(now);
  useEffect(() => {
    if (now) window.history.replaceState({ ...window.history.state, [word]: undefined }, "");
  }, [now, word]);
  return said;
}
