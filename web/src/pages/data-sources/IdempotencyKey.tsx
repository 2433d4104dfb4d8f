import { Group, Radio, TextInput } from "@mantine/core";
import { KEY_RULE } from "../../texts/dataSources";
import type { Key } from "./settings";

const KINDS = [
  { value: "none", label: "None" },
  { value: "header", label: "A header" },
  { value: "pointer", label: "A place in the payload" },
] as const;

const FIELDS = {
  header: { label: "Header with the sender's id", placeholder: "X-GitHub-Delivery" },
  pointer: { label: "JSON pointer to the sender's id", placeholder: "/event/id" },
};

/** Where the sender's own id of an event stands. */
export function IdempotencyKey({ value, onChange, error }: { value: Key; onChange: (key: Key) => void; error: string | undefined }) {
  const choose = (kind: string) => {
    const found = KINDS.find((one) => one.value === kind);
    if (found) onChange({ kind: found.value, value: "" });
  };
  return (
    <>
      <Radio.Group label="Idempotency key" description={KEY_RULE} value={value.kind} onChange={choose} error={value.kind === "none" ? error : undefined}>
        <Group mt={6} gap="lg">
          {KINDS.map((kind) => (
            <Radio key={kind.value} value={kind.value} label={kind.label} />
          ))}
        </Group>
      </Radio.Group>
      {value.kind !== "none" && (
        <TextInput
          label={FIELDS[value.kind].label}
          placeholder={FIELDS[value.kind].placeholder}
          value={value.value}
          onChange={(event) => onChange({ kind: value.kind, value: event.currentTarget.value })}
          error={error}
          autoComplete="off"
          spellCheck={false}
          ff="monospace"
        />
      )}
    </>
  );
}
