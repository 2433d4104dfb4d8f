import { characters } from "../../components/count";

export const NAME_MOST = 50;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What is not yet as it must be in a branch's name, as it is typed. The server has the last word. */
export function branchHint(text: string): string | undefined {
  const name = text.trim();
  if (name === "") return undefined;
  if (!NAME.test(name)) return "Only a-z A-Z 0-9 . _ -, beginning with a letter or a digit.";
  return characters(name) > NAME_MOST ? `At most ${NAME_MOST} characters; these are ${characters(name)}.` : undefined;
}
