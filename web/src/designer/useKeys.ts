import { useEffect } from "react";

/** What the keys of the whole page do. */
interface Acts {
  save: () => Promise<boolean>;
  help: () => void;
  /** From the diagram to the properties, from everywhere else to the diagram. */
  cross: () => void;
}

/** Keys of the whole page. */
export function useKeys({ save, help, cross }: Acts): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
        event.preventDefault();
        void save();
      } else if (event.key === "F6" && !document.querySelector("[role=dialog][aria-modal=true]")) {
        event.preventDefault();
        cross();
      } else if (event.key === "?" && !isWriting(event.target)) {
        event.preventDefault();
        event.stopPropagation();
        help();
      }
    };
    // before the shell's `?`, which knows the keys of all pages only
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [save, help, cross]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
