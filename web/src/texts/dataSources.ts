// The texts of the pages of data sources.

export const PURPOSE = "A data source is where events come from. An incoming webhook has a URL; each JSON that is posted to it starts the processes that select it.";

export const EMPTY = "Make an incoming webhook, then select it in the message start event of a process and commit both. Its URL appears in Manage Triggers.";

export const NAME_RULE = "3 to 50 letters, digits and [ ] ( ) . _ -, no spaces.";

export const DESCRIPTION_RULE = "What it is for, or who sends to it. May stay empty.";

export const HEADERS_RULE = "The values of these request headers are not stored; [redacted] stands in their place. Upper and lower case are the same.";

export const HEADERS_DEFAULT = "The default list is used: Authorization, Proxy-Authorization, Cookie and X-Api-Key.";

export const KEY_RULE =
  "Senders repeat a request that they believe lost. Where they send an id of the event, name its place: the same id starts each process once.";

export const DELETE_TELLS_NOBODY =
  "External systems are not told: they will go on sending, and their requests will be answered with errors. Deactivate its trigger first, and remove the URL from the systems that use it.";

export const DELETE_KEEPS = "It goes from the work in progress of this branch. Commits keep it, and restoring it from one brings the same URL back.";

export const CHANGED_MEANWHILE = "Somebody else saved this data source while you worked on it. Nothing of yours is lost; choose what is to stand.";

export const MADE = "It is created, in the work in progress of this branch. Next, draw a process that starts with it; then commit both.";

export const NOT_USED = "No process of this branch starts on it. Select it in the message start event of a process.";

export const NOT_RUNNING = "The running commit does not connect it to a process. Commit it together with a process that selects it; its trigger then appears, deactivated.";

export const NO_REQUESTS = "No request has come since the trigger was made.";

export const REQUESTS_WHEN_CONNECTED = "Requests are listed here while its trigger is connected. Older ones stand under Events.";
