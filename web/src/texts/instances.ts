/** Process Instances: what is longer than a label. */
export const PURPOSE = "Each is one run of a committed process. Open one to see its path, its variables and what keeps it from going on.";
export const EMPTY = "An instance appears here when an event starts a process. Activate a trigger and send something to its URL.";
export const EMPTY_FILTERED = "No instance fits these filters.";

export const CANCEL = "It ends where it stands and cannot go on. Its path and its variables are kept.";
export const NO_VARIABLES = "It has no variables.";
export const LARGE = "These are large and are read when you ask for them.";
export const TRUNCATED = "There are more visits than are shown: the trail shows the first 10,000.";
export const REPLACED = "A retry put another instance in the place of this one.";
export const NOT_CHANGED = "The values are merged into the variables: objects level by level, everything else replaces what was there. Numbers are kept digit by digit. Nothing runs until an incident is retried.";
export const NO_OBJECT = "This must be a JSON object of names and values.";
export const RETRIED = "The element was tried again, and it goes on.";
export const NOT_BEGUN = "This instance could not begin. Retry its failed trigger instead: that starts a new one in the running commit.";
export const INCIDENTS_PURPOSE = "What keeps instances from going on. Correct the cause, then try their elements again: one, some, or all that fit the filters.";
export const NO_INCIDENT = "When an element cannot do what it is for, its instance stops there, and the cause is listed here until it is resolved.";
export const NO_INCIDENT_FITS = "No open incident fits these filters.";
export const RETRY_MANY = "Each runs in the version of the process that it began with. What fails again stays, with its new cause.";
