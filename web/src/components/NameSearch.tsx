import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

/** Finds in a list that was read whole: what is typed is looked for at once. */
export function NameSearch({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      w={240}
      maw="100%"
    />
  );
}

/** Whether a name has the words that are looked for. */
export function named(name: string, wanted: string): boolean {
  return name.toLowerCase().includes(wanted.trim().toLowerCase());
}
