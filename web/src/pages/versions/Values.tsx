import { Text, VisuallyHidden } from "@mantine/core";
import { lineDiff } from "./difference";
import classes from "./Values.module.css";

/** An old and a new value: line by line where they have several, else one above the other. */
export function Values({ old, now, label }: { old: string | null; now: string | null; label: string }) {
  if (old === null && now === null) return null;
  const both = old !== null && now !== null;
  const lines = both && (old.includes("\n") || now.includes("\n")) ? lineDiff(old, now) : single(old, now);
  return (
    <pre className={classes["text"]} tabIndex={0} role="group" aria-label={label}>
      {lines.map((line, at) => (
        <span key={at} className={`${classes["line"]} ${line.kind === "same" ? "" : classes[line.kind]}`}>
          {line.kind !== "same" && <VisuallyHidden>{line.kind === "added" ? "new: " : "old: "}</VisuallyHidden>}
          {line.text === "" ? <Text span inherit c="dimmed" fs="italic">{line.kind === "same" ? "\u200b" : "empty"}</Text> : line.text}
        </span>
      ))}
    </pre>
  );
}

function single(old: string | null, now: string | null) {
  return [
    ...(old === null ? [] : [{ kind: "removed" as const, text: old }]),
    ...(now === null ? [] : [{ kind: "added" as const, text: now }]),
  ];
}
