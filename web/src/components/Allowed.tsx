import { cloneElement, type MouseEvent, type ReactElement } from "react";
import { Menu } from "./Menu";
import { Tooltip } from "./Tooltip";
import { useMay } from "../api/me";
import { type Right, whyNot } from "../texts/rights";

/** What is put on a control that its person may not use. */
interface Control {
  "data-disabled"?: boolean;
  "aria-disabled"?: boolean;
  onClick?: (event: MouseEvent) => void;
  closeMenuOnClick?: boolean;
  disabled?: boolean;
}

/**
 * A button, icon or menu item that needs a right. Who does not have it still sees and reaches it (a control that is
 * really disabled has no focus and no tooltip), it does nothing, and it says why. `may`: for what is not in the project
 * of the address; the page has asked then. `why`: where the reason is another one than the role here.
 */
export function Allowed({ right, may, why, children }: { right: Right; may?: boolean; why?: string; children: ReactElement<Control> }) {
  const here = useMay(right);
  if (may ?? here) return children;
  const still = {
    "data-disabled": true,
    "aria-disabled": true,
    // also where something else keeps it from being used: the reason here is the one that counts
    disabled: false,
    onClick: (event: MouseEvent) => {
      event.preventDefault();
      event.stopPropagation();
    },
    // the reason is read where the finger is
    ...(children.type === Menu.Item ? { closeMenuOnClick: false } : {}),
  };
  return (
    <Tooltip label={why ?? whyNot(right)} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      {cloneElement(children, still)}
    </Tooltip>
  );
}
