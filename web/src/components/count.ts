/** How many characters the server counts in a text: code points after trimming and NFC, not UTF-16 units. */
export function characters(text: string): number {
  return [...text.trim().normalize("NFC")].length;
}

/** "12 of 50 characters". */
export function counted(text: string, most: number): string {
  return `${characters(text).toLocaleString("en")} of ${most}`;
}
