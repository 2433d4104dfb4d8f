import { useEffect } from "react";

/** The tab's title: the page's, then the product's. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Forebay`;
  }, [title]);
}
