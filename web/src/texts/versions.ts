// The texts of the pages of versions.

export const PURPOSE = "What changed on this branch since its last commit, and the commits that were made. What runs is always a commit.";

export const NOTHING_CHANGED = "Everything on this branch is committed. What you change in a process or a data source appears here.";

export const NO_COMMIT = "Nothing runs before it is committed. Choose what is to be taken in the work in progress, say what it is, and commit.";

export const UNLINK =
  "After this commit no running process starts on them any more. Their URLs will answer 404, and the systems that send to them are not told. Their keys are kept: connected again, they come back as they were.";

export const CREATED = "It begins deactivated: activate it in Manage Triggers, and get its URL there.";

export const NOT_RUNNING = "It does not run: the active policy names another branch or a pinned commit.";

export const MESSAGE_RULE = "What changed and why, in 1 to 200 characters.";

export const NO_DIFFERENCE = "Both versions are the same.";

export const ONLY_DRAWN = "Nothing differs that a process does or shows; only the way the file is written.";

export const DISCARD = "What was added goes, what was changed or removed becomes what it was in the last commit. What was not committed is lost for good.";

export const RESTORE = "In the work in progress it becomes what it was in this commit; a deleted one comes back with its webhook's URL. Commit it to let it run.";

export const CHANGED_MEANWHILE = "The work in progress was changed meanwhile. Look at it again, then repeat.";

export const EMPTY_COMMIT = "This commit holds no resource: everything had been deleted.";

export const NOT_RUNNING_AFTER = "This commit will not run by itself: the active policy names another branch or a pinned commit.";
