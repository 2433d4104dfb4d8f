import "./code.css";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { CodeProps } from "./Code";
import { diagnostics, extensions } from "./editor";

/** The editor itself; fetched with the first one. */
export default function Editing({ value, onChange, label, hint = "", complaints, known, minHeight = 120 }: CodeProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, known, value });
  useEffect(() => {
    latest.current = { onChange, known, value };
  });
  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    const change = (text: string) => {
      if (text !== latest.current.value) latest.current.onChange(text);
    };
    const state = EditorState.create({ doc: latest.current.value, extensions: extensions({ label, hint, roots: () => latest.current.known ?? [], change }) });
    view.current = new EditorView({ state, parent });
    return () => view.current?.destroy();
  }, [label, hint]);
  useEffect(() => {
    // changed elsewhere: by undo, or by another file
    const one = view.current;
    if (one && one.state.doc.toString() !== value) one.dispatch({ changes: { from: 0, to: one.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const one = view.current;
    if (one) one.dispatch(setDiagnostics(one.state, diagnostics(one.state, complaints ?? [])));
  }, [complaints]);
  return <div ref={place} className="forebay-code" style={{ minHeight, "--code-height": `${minHeight}px` } as React.CSSProperties} />;
}
