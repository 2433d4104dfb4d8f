import { TextInput } from "@mantine/core";
import { characters, counted } from "../../components/count";
import { NAME_RULE } from "../../texts/projects";

const MOST = 100;

/** The field of a project's name. */
export function ProjectName({ name, setName, error }: { name: string; setName: (name: string) => void; error: string | undefined }) {
  const hint = characters(name) > MOST ? `At most ${MOST} characters; these are ${characters(name)}.` : undefined;
  return (
    <TextInput
      label="Name"
      description={`${NAME_RULE} ${counted(name, MOST)}`}
      required
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      error={error ?? hint}
      data-autofocus
      autoComplete="off"
    />
  );
}
