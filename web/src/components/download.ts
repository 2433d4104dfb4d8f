/** Gives a file to the person. */
export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // the download has begun by then; earlier, some browsers drop it
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A file's name made of the names of things: what may not stand in one is a dash. */
export function fileName(parts: string[], ending: string): string {
  return `${parts.map((part) => part.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")).join("-")}.${ending}`;
}
