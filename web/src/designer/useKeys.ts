import { useEffect } from "react";

/** Keys of the whole page. */
export function useKeys({ save, help }: { save: () => Promise<boolean>; help: () => void }): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
        event.preventDefault();
        void save();
      } else if (event.key === "?" && !isWriting(event.target)) {
        event.preventDefault();
        event.stopPropagation();
        help();
      }
    };
    // before the shell's `?`, which knows the keys of all pages only
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [save, help]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
