// The texts of the pages of projects.

export const PURPOSE = "A project holds webhooks, the processes that they start, and what became of each event.";

export const EMPTY = "Make one, add a webhook to it, draw the process that it starts.";

export const NAME_RULE = "1 to 100 printable characters.";

export const DELETE =
  "Everything in it goes for good: data sources, processes, commits, triggers with their URLs and keys, instances, events and failed triggers. External systems are not told; their requests will be answered with errors. Audit entries stay.";

export const CHANGED_MEANWHILE = "Somebody else changed it meanwhile; its name now is";
