import { useNavigate } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";

/** A link to an address with filters in it. Without them the router's own link is the better one: it reads ahead. */
export function Way({ href, onClick, ...rest }: ComponentProps<"a"> & { href: string }) {
  const navigate = useNavigate();
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || elsewhere) return;
    event.preventDefault();
    void navigate({ href });
  };
  return (
    <a href={href} onClick={go} {...rest}>
      {rest.children}
    </a>
  );
}
