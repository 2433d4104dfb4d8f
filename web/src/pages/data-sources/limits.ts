import { characters } from "../../components/count";

export const NAME_LEAST = 3;
export const NAME_MOST = 50;
export const DESCRIPTION_MOST = 500;

/** Letters with the marks that belong to them, digits, and `[ ] ( ) . _ -`. */
const NAME = /^(?:\p{L}[\p{Mn}\p{Mc}]*|[\p{Nd}[\]()._-])*$/u;
const ONE = /(?:\p{L}[\p{Mn}\p{Mc}]*|[\p{Nd}[\]()._-])/gu;

/** What is not yet as it must be in a name, as it is typed. The server has the last word. */
export function nameHint(text: string): string | undefined {
  const name = text.trim().normalize("NFC");
  if (name === "") return undefined;
  if (!NAME.test(name)) return `Only letters, digits and [ ] ( ) . _ -, not ${shown([...name.replace(ONE, "")][0] ?? "")}.`;
  const count = characters(name);
  if (count < NAME_LEAST) return `At least ${NAME_LEAST} characters; ${count} so far.`;
  if (count > NAME_MOST) return `At most ${NAME_MOST} characters; these are ${count}.`;
  return undefined;
}

/** A character as it can be read in a sentence: “!”, or what it is called where it cannot be seen. */
function shown(character: string): string {
  if (character === " ") return "a space";
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `“${character}”`;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The same for a text that may only be too long. */
export function lengthHint(text: string, most: number): string | undefined {
  const count = characters(text);
  return count > most ? `At most ${most} characters; these are ${count}.` : undefined;
}
