/** Texts about processes. */
export const PURPOSE = "What happens when an event comes. A message start event connects a process to a webhook.";
export const EMPTY = "A process says what is done with an event: which way it takes, and what scripts make of it. A new one has a start event ready; choose its webhook, draw what follows, save.";
export const FILE_HINT = "Optional: BPMN 2.0, at most 4 MiB. Without a file, the process begins with a start event and an end.";
export const RENAME_HINT = "The name in the diagram stays as it is drawn.";
export const DELETE_KEEPS = "It goes from this branch's work in progress. Commits and running instances keep it.";
