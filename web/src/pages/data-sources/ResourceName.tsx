import { TextInput } from "@mantine/core";
import { counted } from "../../components/count";
import { NAME_RULE } from "../../texts/dataSources";
import { NAME_MOST, nameHint } from "./limits";

/** The field of the name of a data source or a process: its rule as it is typed, the server's word where it refused. */
export function ResourceName({ name, setName, error, more = "" }: { name: string; setName: (name: string) => void; error: string | undefined; more?: string }) {
  return (
    <TextInput
      label="Name"
      description={[NAME_RULE, more, counted(name, NAME_MOST)].filter(Boolean).join(" ")}
      required
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      error={error ?? nameHint(name)}
      data-autofocus
      autoComplete="off"
      spellCheck={false}
    />
  );
}
