import { Tooltip } from "@mantine/core";
import { cloneElement, type MouseEvent, type ReactElement } from "react";
import { useMay } from "../api/me";
import { type Right, whyNot } from "../texts/rights";

/** What is put on a control that its person may not use. */
interface Control {
  "data-disabled"?: boolean;
  "aria-disabled"?: boolean;
  onClick?: (event: MouseEvent) => void;
}

/**
 * A button, icon or menu item that needs a right. Who does not have it still sees and reaches it (a control that is
 * really disabled has no focus and no tooltip), it does nothing, and it says why.
 */
export function Allowed({ right, children }: { right: Right; children: ReactElement<Control> }) {
  const may = useMay(right);
  if (may) return children;
  const still = {
    "data-disabled": true,
    "aria-disabled": true,
    onClick: (event: MouseEvent) => {
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return (
    <Tooltip label={whyNot(right)} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      {cloneElement(children, still)}
    </Tooltip>
  );
}
