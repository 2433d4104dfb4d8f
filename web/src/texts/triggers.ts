/** Manage Triggers: what is longer than a label. */
export const PURPOSE = "A trigger is a webhook that the running commit connects to a process. Activate it to accept requests, and copy its URL.";

export const EMPTY = "A webhook is listed here when three things are done: the data source is created, it is connected to a Message Start Event, and the version is committed.";
export const EMPTY_BELOW = "Below stands what each data source still needs to be listed here.";
export const EMPTY_FILTERED = "No trigger fits these filters.";

export const DEACTIVATE = "Its URL answers 404 from now on, and senders are told so. The URL and the API key are kept: activate it again at any time, and senders need not change anything.";

export const STILL_SENT = "Somebody goes on sending to its URL, and is answered 404.";
export const DEACTIVATED_URL = "This trigger is deactivated: its URL answers 404 until you activate it.";
export const URL_IS_SECRET = "Whoever has this URL can start your processes. Opening this dialog was noted in the audit log.";
export const NO_HTTPS = "This URL has no HTTPS: the key can be read on the way. Use HTTPS in production.";
export const HEADER_INSTEAD = "A sender that can set headers may use the URL without the key and put the key into an X-Api-Key header.";

export const RESET = "Resetting the API key creates a new webhook URL. Update the URL in all third-party systems that use it, or they will receive 401 Unauthorized errors.";
export const RESET_DONE = "The API key was reset. This is the new URL; the old one answers 401 from now on.";

export const TEST = "Sends this body to the webhook as a sender would: the event is real and starts every connected process.";

export const UNLISTED = "These data sources are not listed above yet. Each needs what is left open here.";
export const STEP_CREATED = "The data source is created";
export const STEP_CONNECTED = "It is connected to a Message Start Event";
export const STEP_COMMITTED = "The version is committed, and the active policy runs it";
export const NEXT_CONNECT = "Open a process, add a Message Start Event, set its trigger type to Incoming Webhook and choose this data source.";
export const NEXT_COMMIT = "The connection is work in progress. Commit it to list the webhook here.";
export const NEXT_POLICY = "It is committed, but the active policy runs a commit that does not have it.";

export const CAME = "A request with the right key has come in.";
export const ACTIVATED = "accepts requests now. Give its URL to whoever sends.";
export const FAILED_COUNT = "Counted for each process: an event that two processes fail to start with counts twice, so that there may be more than were accepted.";
