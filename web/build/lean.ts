// Leaves out what the component library's table brings along and no table of ours uses: a scroll container, and with it
// the scroll bars and the positions of things that float, which are else fetched with the first menu.
import type { Plugin } from "vite";

/** The plugin. `Table.ScrollContainer` is not there: `Sideways` of our components is. */
export function lean(): Plugin {
  return {
    name: "forebay-lean",
    apply: "build",
    transform: {
      filter: { id: /\/src\/.*\.tsx$/, code: "Table.ScrollContainer" },
      handler() {
        this.error("Table.ScrollContainer is left out of the build: use Sideways");
      },
    },
    load: {
      filter: { id: /\/TableScrollContainer\.mjs$/ },
      handler: () => "export const TableScrollContainer = undefined;",
    },
  };
}
