/** The audit: what is longer than a label, and every action in words. */
export const PURPOSE = "Who did what to which thing, when and from where. Entries cannot be changed or deleted here.";
export const PURPOSE_ALL = "What was done in the installation and in every project, sign-ins too.";
export const EMPTY = "What is done here is listed from now on.";
export const EMPTY_FILTERED = "No entry fits these filters.";

export const VERIFY = "Each entry carries the hash of the one before it; a changed or missing entry breaks the chain.";
export const HASH = "Note this hash somewhere else: a later check must still contain it, which proves that nothing was cut off at the end.";

/** What was done, by the API's word for it. */
export const ACTIONS: Record<string, string> = {
  "installation.create": "Set up Forebay",
  "session.begin": "Signed in",
  "session.refuse": "Failed to sign in",
  "session.end": "Ended a session",
  "sign-in-link.create": "Made a sign-in link",
  "sign-in-link.redeem": "Signed in by a link and set the password",
  "user.create": "Made a user",
  "user.change": "Changed a user",
  "user.change-password": "Changed the own password",
  "token.create": "Made a token",
  "token.revoke": "Revoked a token",
  "member.add": "Made somebody a member",
  "member.change": "Changed a member's roles",
  "member.remove": "Took all roles of a member away",
  "project.create": "Made the project",
  "project.rename": "Renamed the project",
  "project.delete": "Deleted the project",
  "branch.create": "Made a branch",
  "branch.rename": "Renamed a branch",
  "branch.delete": "Deleted a branch",
  "branch.bring": "Brought changes from a commit",
  "branch.discard": "Discarded work in progress",
  "branch.restore": "Restored from a commit",
  "branch.import": "Imported into a branch",
  "commit.create": "Committed",
  "policy.choose": "Chose the active policy",
  "data-source.create": "Made a data source",
  "data-source.change": "Changed a data source",
  "data-source.delete": "Deleted a data source",
  "process-definition.create": "Made a process",
  "process-definition.save": "Saved a process",
  "process-definition.rename": "Renamed a process",
  "process-definition.delete": "Deleted a process",
  "trigger.activate": "Activated a trigger",
  "trigger.deactivate": "Deactivated a trigger",
  "trigger.change": "Changed a trigger's limit",
  "trigger.reveal-url": "Looked at a webhook URL",
  "trigger.reset-api-key": "Reset an API key",
  "trigger.test-event": "Sent a test event",
  "instance.cancel": "Cancelled a process instance",
  "instance.change-variables": "Changed variables",
  "incident.retry": "Retried an incident",
  "failed-trigger.retry": "Retried a failed trigger",
  "failed-trigger.dismiss": "Dismissed a failed trigger",
  "operation.create": "Began an operation on many",
  "operation.cancel": "Cancelled an operation on many",
};

/** An action in words; one that is newer than this page stays as it is. */
export function actionWord(action: string): string {
  return ACTIONS[action] ?? action;
}
