import { lazyRouteComponent } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { pageCode } from "./late";

/** What a page's file exports: the page, and what is read before it is shown. */
export interface PageFile {
  Page: ComponentType;
  load?: (params: Record<string, string>) => unknown;
}

/**
 * A route's options for a page that is fetched when it is first opened. Its loader runs beside the fetch of the code
 * of the pages around it; a refusal in it is shown by the page itself, where it belongs.
 */
export function page(file: () => Promise<PageFile>) {
  return {
    component: lazyRouteComponent(() => pageCode(file), "Page"),
    loader: async ({ params }: { params: Record<string, string> }) => {
      try {
        const { load } = await file();
        await load?.(params);
      } catch {
        // the page reads the same query and shows what it says; without its code, `Lost` does
      }
    },
  };
}
