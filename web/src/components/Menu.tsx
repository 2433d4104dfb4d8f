import type { MenuProps as OverProps } from "@mantine/core";
import { Children, cloneElement, isValidElement, type MouseEvent, type ReactElement, type ReactNode, useId, useLayoutEffect, useState } from "react";
import { Missing, over, useLate } from "./Late";

type Over = NonNullable<ReturnType<typeof over.now>["code"]>;

/**
 * A menu of the library, whose code is fetched when it is first opened (or before, when nothing else is to be done).
 * Until then there is its button alone.
 */
export function Menu({ children, ...rest }: OverProps) {
  const id = useId();
  const [wanted, setWanted] = useState(false);
  const [opened, setOpened] = useState(false);
  const { code, error } = useLate(over, wanted);
  const ready = wanted && code !== undefined;
  useLayoutEffect(() => {
    if (!ready) return;
    // the button is another now, with the menu around it: it has the focus that the first one had
    document.getElementById(id)?.focus({ preventScroll: true });
    setOpened(true);
  }, [ready, id]);
  const again = async () => {
    setWanted(true);
    await over.fetch();
  };
  if (ready) {
    return (
      <code.Menu id={id} opened={opened} onChange={setOpened} {...rest}>
        {children}
      </code.Menu>
    );
  }
  const target = Children.toArray(children).find((child): child is ReactElement<{ children: ReactElement<Button> }> => isValidElement(child) && child.type === Target);
  return (
    <>
      {target && cloneElement(target.props.children, { onClick: () => void again(), "aria-haspopup": "menu", "aria-expanded": false })}
      {wanted && <Missing error={error} again={again} close={() => setWanted(false)} />}
    </>
  );
}

interface Button {
  onClick?: (event: MouseEvent) => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
}

/** The library's, which is there by the time that anything in a menu is. */
function useMenu(): Over["Menu"] | undefined {
  return useLate(over, false).code?.Menu;
}

function Target({ children }: { children: ReactElement }) {
  const known = useMenu();
  return known ? <known.Target>{children}</known.Target> : children;
}

function Dropdown({ children }: { children: ReactNode }) {
  const known = useMenu();
  return known ? <known.Dropdown>{children}</known.Dropdown> : null;
}

const Item = ((props: object) => {
  const known = useMenu();
  return known ? <known.Item {...props} /> : null;
}) as unknown as Over["Menu"]["Item"];

const Label = ((props: object) => {
  const known = useMenu();
  return known ? <known.Label {...props} /> : null;
}) as unknown as Over["Menu"]["Label"];

function Divider() {
  const known = useMenu();
  return known ? <known.Divider /> : null;
}

Menu.Target = Target;
Menu.Dropdown = Dropdown;
Menu.Item = Item;
Menu.Label = Label;
Menu.Divider = Divider;
