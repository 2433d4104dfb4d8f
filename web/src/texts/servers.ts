/** Servers: what is longer than a label. */
export const PURPOSE = "The running processes of this installation: who accepts webhooks, who starts processes, and what waits between them.";
export const NOT_CURRENT =
  "A gateway that is not up to date still judges by older triggers, keys and states. It reads the change within two seconds of seeing the database again.";
export const NO_RUNNER = "No runner is alive: accepted events wait in the event log, and start when one is back.";
export const GONE = "It ended without a word, or cannot reach the database.";
export const NONE = "The server that answered has not written its row yet. It does so once a second.";
