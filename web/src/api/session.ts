import { overcome } from "./hindrance";

/** The changes of the session that happen while a page is open. */
const signedOut = new EventTarget();

/** Tells the shell that the server knows the caller no longer. */
export function announceSignedOut(): void {
  signedOut.dispatchEvent(new Event("signed-out"));
}

/** Calls back when a request was answered 401; returns the end of it. */
export function onSignedOut(tell: () => void): () => void {
  signedOut.addEventListener("signed-out", tell);
  return () => signedOut.removeEventListener("signed-out", tell);
}

/** Tells the shell that somebody has signed in again over the page. */
export function announceSignedIn(): void {
  overcome("session");
  signedOut.dispatchEvent(new Event("signed-in"));
}

/** Calls back when somebody has signed in again; returns the end of it. */
export function onSignedIn(tell: () => void): () => void {
  signedOut.addEventListener("signed-in", tell);
  return () => signedOut.removeEventListener("signed-in", tell);
}
