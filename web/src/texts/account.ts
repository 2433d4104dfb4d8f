/** The own account: what is longer than a label. */
export const PURPOSE = "Who you are here, what you may do, and what is signed in as you.";

export const NO_ROLES = "You have no role yet. An administrator gives you one in the settings of a project.";

export const PASSWORD = "All your other sessions end when you change it; tokens stay.";
export const PASSWORD_DONE = "Your password is changed. Your other sessions have ended.";
export const PASSWORD_RULE = "At least 15 characters, of any kind; a sentence is good.";

export const SESSIONS = "Browsers that are signed in as you. A session ends after 12 hours without use, and after 7 days.";
export const END_SESSION = "Whoever works in that browser is signed out at once and must sign in again.";
export const END_OTHERS = "Every other browser is signed out at once. This one stays signed in, and tokens stay valid.";

export const TOKENS = "For programs that call the API as you: scripts, pipelines, the command line. A token can never do more than you may.";
export const NO_TOKENS = "A program signs in with a token instead of a password. Give it only the rights that it needs.";
export const REVOKE = "Programs that use it are answered 401 from now on. It cannot be made valid again.";
export const SECRET_ONCE = "Copy it now: it is shown this once, and only its hash is kept.";
export const SECRET_USE = "Send it in the header of each request:";
export const ALL_RIGHTS = "Whatever I may, now and later";
export const ONLY_PROJECT = "It then opens nothing else, whatever you may elsewhere.";
