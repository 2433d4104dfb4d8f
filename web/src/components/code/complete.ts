import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { type Known, at, isName, members, pathBefore } from "./known";

/** Completion of what scripts can read; `roots` is asked each time, since it comes late and changes. */
export function completing(roots: () => Known[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const found = pathBefore(line.text.slice(0, context.pos - line.from));
    if (!found || (!found.dot && found.begun === "" && !context.explicit)) return null;
    const here = at(roots(), found.path);
    if (!here) return null;
    const from = context.pos - found.begun.length;
    return { from, options: members(here).map((known) => option(known, found.dot)), validFor: /^[\p{L}\p{Nd}_$-]*$/u };
  };
}

function option(known: Known, dot: boolean): Completion {
  const base: Completion = { label: known.name, type: known.type === "method" ? "method" : known.fields ? "class" : "property" };
  if (known.type) base.detail = known.type;
  if (known.info) base.info = known.info;
  if (!isName(known.name)) {
    // no dot leads to such a name: the dot that was typed gives way to brackets
    base.apply = (view, _, from, to) => {
      const insert = `[${JSON.stringify(known.name)}]`;
      const start = dot ? from - 1 : from;
      view.dispatch({ changes: { from: start, to, insert }, selection: { anchor: start + insert.length } });
    };
  }
  return base;
}
