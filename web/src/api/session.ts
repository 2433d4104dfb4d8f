/** Tells the shell that the server knows the caller no longer. */
const signedOut = new EventTarget();

export function announceSignedOut(): void {
  signedOut.dispatchEvent(new Event("signed-out"));
}

/** Calls back when a request was answered 401; returns the end of it. */
export function onSignedOut(tell: () => void): () => void {
  signedOut.addEventListener("signed-out", tell);
  return () => signedOut.removeEventListener("signed-out", tell);
}
