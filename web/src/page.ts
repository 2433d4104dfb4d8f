import { lazyRouteComponent } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { pageCode } from "./late";

/** A page that waits longer for what it reads is shown without it, and says so. */
const MOMENT = 1_000;

/** What is read, or nothing where that takes too long: it is read on. */
export function soon<T>(read: Promise<T>): Promise<T | undefined> {
  return Promise.race([read, new Promise<undefined>((go) => setTimeout(go, MOMENT, undefined))]);
}

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
        await soon(Promise.resolve(load?.(params)));
      } catch {
        // the page reads the same query and shows what it says; without its code, `Lost` does
      }
    },
  };
}
