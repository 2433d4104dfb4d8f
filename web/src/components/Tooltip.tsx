import type { TooltipProps as OverProps } from "@mantine/core";
import { cloneElement, type ReactElement, type ReactNode, type SyntheticEvent, useEffect, useEffectEvent, useId, useState } from "react";
import { over, useLate } from "./Late";

/** How long the pointer rests before something is told. */
const REST = 250;

interface TooltipProps {
  label: ReactNode;
  multiline?: boolean;
  maw?: OverProps["maw"];
  w?: OverProps["w"];
  events?: { hover: boolean; focus: boolean; touch: boolean };
  children: ReactElement<object>;
}

type Told = (event: SyntheticEvent<Element>) => unknown;

/** What is listened to of the child. */
interface Handlers {
  onMouseEnter?: Told;
  onMouseLeave?: Told;
  onMouseDown?: Told;
  onFocus?: Told;
  onBlur?: Told;
  onTouchStart?: Told;
  "aria-describedby"?: string;
}

/** Tells more of its child on hover, and on focus where it can have it. A long list pays nothing for those that nobody looks at. */
export function Tooltip({ label, children, events = { hover: true, focus: true, touch: false }, ...rest }: TooltipProps) {
  const id = useId();
  const [wish, wishFor] = useState<Wish>();
  const at = useRested(wish);
  const { code } = useLate(over, at !== undefined);
  const hide = () => wishFor(undefined);
  useEscape(at !== undefined, hide);
  const own: Handlers = children.props;
  const both =
    (name: keyof Handlers, act: Told): Told =>
    (event) => {
      const first = own[name];
      if (typeof first === "function") first(event);
      act(event);
    };
  const show = (after: number): Told => (event) => wishFor({ of: event.currentTarget, after });
  const focused: Told = (event) => event.currentTarget.matches(":focus-visible") && show(0)(event);
  const heard: Handlers = {
    ...(events.hover ? { onMouseEnter: both("onMouseEnter", show(REST)), onMouseLeave: both("onMouseLeave", hide), onMouseDown: both("onMouseDown", hide) } : {}),
    ...(events.focus ? { onFocus: both("onFocus", focused), onBlur: both("onBlur", hide) } : {}),
    ...(events.touch ? { onTouchStart: both("onTouchStart", show(0)) } : {}),
    ...(at && code ? { "aria-describedby": id } : {}),
  };
  return (
    <>
      {cloneElement(children, heard)}
      {at && code && <code.Tooltip target={{ current: at as HTMLElement }} opened id={id} label={label} {...rest} />}
    </>
  );
}

/** Of what something is to be told, and how long after. */
interface Wish {
  of: Element;
  after: number;
}

/** What the pointer has rested on long enough. */
function useRested(wish: Wish | undefined): Element | undefined {
  const [at, setAt] = useState<Element>();
  useEffect(() => {
    if (!wish) return setAt(undefined);
    const timer = setTimeout(() => setAt(wish.of), wish.after);
    return () => clearTimeout(timer);
  }, [wish]);
  return at;
}

/** What is told can be sent away without moving (WCAG 1.4.13). */
function useEscape(shown: boolean, hide: () => void): void {
  const end = useEffectEvent(hide);
  useEffect(() => {
    if (!shown) return undefined;
    const press = (event: KeyboardEvent) => event.key === "Escape" && end();
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [shown]);
}
