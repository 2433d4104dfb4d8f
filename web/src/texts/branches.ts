// The texts of the dialogs of branches.

export const BRANCH_RULE = "1 to 50 of a-z A-Z 0-9 . _ -, beginning with a letter or a digit.";
