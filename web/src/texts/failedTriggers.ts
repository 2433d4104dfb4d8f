/** Failed Triggers: what is longer than a label. */
export const PURPOSE = "Requests that were refused, and events whose process did not start. Correct the cause, commit, then retry.";
export const EMPTY = "When a request is refused, or a process cannot start with an event, it is listed here with its cause and its payload, and you can retry it.";
export const EMPTY_FILTERED = "No failed trigger fits these filters.";

export const STAGES: Record<string, { label: string; meaning: string }> = {
  gateway: { label: "Gateway", meaning: "The request was refused; the sender was told. There is nothing to retry." },
  match: { label: "Match", meaning: "The event was accepted, but no process of the running commit could take it." },
  start: { label: "Start", meaning: "The event was accepted, but the process did not reach its first wait state or its end." },
};

export const DISMISS = "It is removed from this list with its payload, and cannot be retried any more. An instance that it made stays.";
export const IS_BASE64 = "The body is no text. This is its base64.";
export const RETRY_QUEUED = "The retry is on its way.";

export const DISMISS_MANY = "They are removed from this list with their payloads, and cannot be retried any more. Instances that they made stay.";
export const CHOOSE = "Choose rows to act on them.";
export const REFUSED_STAY = "Refused requests cannot be retried: their senders were told.";
export const CAUSES_PURPOSE = "Failed triggers that are alike in stage, cause, process and webhook. Retry or dismiss all of them at once.";
