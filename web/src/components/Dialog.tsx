import type { ModalProps } from "@mantine/core";
import { useEffect, useEffectEvent, useId, useState } from "react";
import { focusAgain, focusInstead, hold } from "./focus";
import { Missing, over, useLate } from "./Late";

/** The dialogs that are open, the one in front last. */
const OPEN: string[] = [];

/**
 * A dialog. Where one stands over another, Escape closes the one in front alone, with what is typed in the other kept.
 * When it closes, the focus goes back to what it was opened with, also from a menu that is gone by then. Once something
 * was typed in it, a click beside it does not throw that away.
 */
export function Dialog({ opened, onClose, ...rest }: ModalProps) {
  const id = useId();
  const [typed, setTyped] = useState(false);
  if (typed && !opened) setTyped(false);
  useEscape(id, opened, onClose);
  useFocusBack(id, opened);
  const { code, error } = useLate(over, opened);
  if (!code) return opened && <Missing error={error} again={over.fetch} close={onClose} />;
  return <code.Modal id={id} opened={opened} onClose={onClose} closeOnEscape={false} returnFocus={false} closeOnClickOutside={!typed} onInput={() => setTyped(true)} {...rest} />;
}

function useEscape(id: string, opened: boolean, onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (!opened) return undefined;
    OPEN.push(id);
    const press = (event: KeyboardEvent) => {
      // a list that is open in the dialog takes it for itself
      const taken = event.target instanceof Element && event.target.getAttribute("data-mantine-stop-propagation") === "true";
      if (event.key !== "Escape" || event.isComposing || taken || OPEN.at(-1) !== id) return;
      event.stopImmediatePropagation();
      close();
    };
    window.addEventListener("keydown", press, true);
    return () => {
      OPEN.splice(OPEN.indexOf(id), 1);
      window.removeEventListener("keydown", press, true);
    };
  }, [id, opened]);
}

function useFocusBack(id: string, opened: boolean): void {
  useEffect(() => {
    if (!opened) return undefined;
    const from = openedWith();
    const held = from && hold(from);
    return () => {
      const own = document.getElementById(`${id}-body`)?.closest("[role=dialog]");
      setTimeout(() => {
        const now = document.activeElement;
        if (now !== null && now !== document.body && !own?.contains(now)) return;
        // what it was opened from may be gone, or be of no use any more, or the whole page is another
        if (held && (focusAgain(held) || focusInstead(held))) return;
        document.getElementById("content")?.focus({ preventScroll: true });
      });
    };
  }, [id, opened]);
}

/** What had the focus; of a menu, the button that opened it. */
function openedWith(): HTMLElement | null {
  const active = document.activeElement;
  const menu = active?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const from = menu ? document.getElementById(menu) : active;
  return from instanceof HTMLElement || from instanceof SVGElement ? (from as HTMLElement) : null;
}
