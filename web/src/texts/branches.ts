// The texts of the dialogs of branches.

export const BRANCH_RULE = "1 to 50 of a-z A-Z 0-9 . _ -, beginning with a letter or a digit.";

export const BRING_PURPOSE = "Takes resources of another branch's commit into the work in progress here. Nothing is committed.";

export const BRING_NOTHING = "Both sides have the same: there is nothing to bring.";

export const BRING_CHANGED = "The work in progress was changed meanwhile. The list is read again; look at it, then repeat.";

export const DELETE_BRANCH = "Its work in progress goes. Its commits stay: they can be read, restored from and branched from.";

export const DELETE_UNCOMMITTED = "Changes of these are not committed and will be lost for good:";

export const NO_COMMIT_THERE = "That branch has no commit of its own yet.";
