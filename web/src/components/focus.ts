/** What had the focus, and what it stood in: the nearest first, at last the page's content or the dialog. */
export interface Held {
  one: HTMLElement;
  around: HTMLElement[];
  /** What was said on the page by then. */
  words: Set<Element>;
}

const ROOT = "#content, [role=dialog]";
const WORDS = "[role=status]:not([aria-busy=true]), [role=alert]";
const STOPS = "a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex='0']";

/** What is given the focus again. */
let again: Held | undefined;

/** Remembers where something stands, before it goes. */
export function hold(one: HTMLElement): Held {
  if (again?.one === one) return again;
  const root = one.closest(ROOT);
  const around: HTMLElement[] = [];
  for (let box = one.parentElement; box && root?.contains(box); box = box.parentElement) around.push(box);
  return { one, around, words: new Set(document.querySelectorAll(WORDS)) };
}

/** Gives the focus back, as after a dialog: what was said meanwhile is news all the same. Whether it took it. */
export function focusAgain(held: Held): boolean {
  again = held;
  held.one.focus({ preventScroll: true });
  again = undefined;
  return document.activeElement === held.one;
}

/** Gives the focus to what is said since then, else to what took the place of what had it. Whether anything took it. */
export function focusInstead({ around, words }: Held): boolean {
  const boxes = around.filter((box) => box.isConnected);
  const root = boxes.at(-1);
  const said = all(root, WORDS).findLast((word) => !words.has(word) && word.textContent.trim() !== "");
  const stop = boxes.slice(0, -1).flatMap((box) => all(box, STOPS).slice(0, 1))[0];
  const next = said ?? stop ?? root;
  if (!next) return false;
  // what is only read takes the focus when it is given
  if (next === said && !next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus({ preventScroll: next === root });
  return document.activeElement === next;
}

function all(box: HTMLElement | undefined, what: string): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>(what) ?? [])].filter((one) => one.checkVisibility());
}

/** Whether nothing has the focus. */
export function nowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
