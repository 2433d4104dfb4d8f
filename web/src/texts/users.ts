/** Users: what is longer than a label. */
export const PURPOSE = "Everybody who may sign in here. What they may do is decided by their roles, in the settings of each project.";
export const EMPTY_FILTERED = "No user fits these filters. The e-mail is looked for as a whole.";

export const NEW = "A new user has no password and no role. A sign-in link lets them in, and they choose a password.";
export const DISABLE = "They are signed out at once, may not sign in, and their tokens are answered 401. Roles are kept: enable them again at any time.";
export const ENABLE = "They may sign in again with their old password, and tokens that were not revoked work again.";

export const LINK_ONCE = "It is shown this once. Give it to this person and to nobody else: it sets their password and signs in, once.";
export const LINK_HOW = "Send it by a message that only they can read. A link that was made before is void from now on; the old password stays until this link is used.";
export const LINK_ASK = "A link that was made before for this user is void then. Their password stays as it is until they use the new link.";
