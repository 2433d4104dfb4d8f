import { TextInput } from "@mantine/core";
import { Refusal } from "../../api/refusal";

/** A person's name and e-mail. */
export interface Person {
  name: string;
  email: string;
}

/** The fields of both, with what the server said of each. */
export function PersonFields({ person, set, error }: { person: Person; set: (person: Person) => void; error: unknown }) {
  const refused = (name: string) => (error instanceof Refusal ? error.field(name) : undefined);
  return (
    <>
      <TextInput
        label="Name"
        description={`1 to 100 characters · ${[...person.name].length}`}
        required
        value={person.name}
        onChange={(event) => set({ ...person, name: event.currentTarget.value })}
        error={refused("name")}
        data-autofocus
        autoComplete="off"
      />
      <TextInput
        label="E-mail"
        description="They sign in with it"
        required
        value={person.email}
        onChange={(event) => set({ ...person, email: event.currentTarget.value })}
        error={refused("email")}
        autoComplete="off"
      />
    </>
  );
}

/** Whether what was said stands at one of the fields already. */
export function saidAtField(error: unknown): boolean {
  return error instanceof Refusal && (error.field("name") !== undefined || error.field("email") !== undefined);
}
