/** Members: what is longer than a label. */
export const PURPOSE = "Who may do what in this project. A role on the workspace or the organization counts here too.";
export const EMPTY = "Only people with a role see this project. Add the first by e-mail.";

export const ADD_EMAIL = "Of somebody who has an account here.";
export const NO_ACCOUNT = "Whoever has none needs one first: an administrator of the organization makes it under Users.";
export const WHERE = "A role on the workspace or the organization counts in all of its projects.";
export const SEVERAL = "One or more: what somebody may is what any of them lets them do.";
export const PAYLOAD = "May see payloads and variables";
export const PAYLOAD_WHY = "What senders sent can hold personal data. Operators and administrators see it in any case.";
export const CHANGED_MEANWHILE = "Somebody else has changed these roles meanwhile. They are shown as they are now; change them again.";

/** Why a role is not changed by an administrator of the project. */
export function givenAbove(level: string): string {
  return `This role is given on the ${level}. An administrator of the ${level} changes it.`;
}

export function removing(level: string): string {
  if (level === "organization") return "They lose these roles on the organization, in all of its projects, at once. Roles given elsewhere stay.";
  if (level === "workspace") return "They lose these roles on the workspace, in all of its projects, at once. Roles given elsewhere stay.";
  return "They lose these roles on the project at once. Roles on the workspace or the organization stay.";
}

export const TOKENS = "Tokens that open this project and nothing else, whoever made them. Tokens without a project are on the account page of their user.";
export const NO_TOKENS = "Members make tokens on their account page.";
