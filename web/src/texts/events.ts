/** Events: what is longer than a label. */
export const PURPOSE = "Every request that an active webhook accepted, or refused although its key was right, the newest first. Open one to follow it from the request to the instances that it started.";
export const EMPTY = "A request to an active webhook appears here at once. Activate a trigger and send something to its URL.";
export const EMPTY_FILTERED = "No request fits these filters.";

export const PENDING = "It is stored. The processes that it starts begin in a moment.";
export const STORED = "It is stored, and is not lost even if everything stops now.";
export const REFUSED = "The sender was told and got an error status; nothing was started.";
export const DUPLICATE = "An earlier event has the same idempotency key, so nothing was started again.";
export const NOTHING = "It started nothing.";
export const GONE = "This instance is kept no longer.";
export const AT_INSTANCE = "In webhookData of the process instance";
export const AT_FAILED = "At the failed trigger";
