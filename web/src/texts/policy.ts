// The texts of the page of the active policy.

export const PURPOSE = "Which commit runs. Triggers keep their state, URL and key, whichever it is.";

export const LATEST = "Each new commit on the branch runs as soon as it is made.";

export const PINNED = "One commit runs until the policy is changed here; new commits do not.";

export const NOTHING_RUNS = "Nothing runs yet: the branch has no commit.";

export const NO_CHANGE = "No trigger is touched.";

export const UNLINKED = "Nothing starts on these any more. Their URLs will answer 404, and the systems that send to them are not told. Their keys are kept.";

export const STALE = "Somebody else changed the policy meanwhile. What runs now is shown above; look at what your choice would do, then apply it again.";
