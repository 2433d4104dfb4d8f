import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type Held, focusInstead, hold, nowhere } from "../components/focus";

/**
 * When what had the focus is gone, something near has it: else Tab would begin at the very top. Of a page that is gone
 * it is the new one's content; of a button, what its act said, or what took its place.
 */
export function useFocusKept(): void {
  const path = useLocation({ select: (location) => location.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
    } else if (nowhere()) {
      document.getElementById("content")?.focus({ preventScroll: true });
    }
  }, [path]);
  useEffect(watch, []);
}

function watch(): () => void {
  let held: Held | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = ({ target }: FocusEvent) => {
    held = target instanceof HTMLElement ? hold(target) : undefined;
  };
  // who points elsewhere lets it go
  const point = ({ target }: PointerEvent) => {
    if (!(target instanceof Node && held?.one.contains(target))) held = undefined;
  };
  const look = (enabled: boolean) => {
    if (!held || !nowhere()) return;
    // a button that is busy is disabled, and loses the focus, until its act is done
    if (!held.one.isConnected || held.one.matches(":disabled:not([data-loading])")) focusInstead(held);
    else if (enabled && !held.one.matches(":disabled")) held.one.focus({ preventScroll: true });
  };
  const seen = new MutationObserver((changes) => {
    const enabled = changes.some(({ target, type }) => type === "attributes" && target === held?.one);
    clearTimeout(timer);
    timer = setTimeout(look, 0, enabled);
  });
  seen.observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled", "data-loading"] });
  document.addEventListener("focusin", take);
  document.addEventListener("pointerdown", point, true);
  return () => {
    clearTimeout(timer);
    seen.disconnect();
    document.removeEventListener("focusin", take);
    document.removeEventListener("pointerdown", point, true);
  };
}
