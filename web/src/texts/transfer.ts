// The texts of export and import.

export const ARCHIVE_RULE = "A .tar.gz that was exported from a project: forebay.toml and one .bpmn for each process. At most 32 MiB.";

export const IMPORT_PROJECT = "Everything comes into the work in progress of the branch main. Nothing is committed, and no key comes with it.";

export const IMPORT_BRANCH = "It goes into the work in progress of this branch; nothing is committed.";

export const KEEP_OTHERS = "Keep resources of this branch that the archive does not have";

export const NOTHING_IN_IT = "The archive holds no resource.";

export const IMPORT_CHANGED = "The work in progress was changed meanwhile. What would happen is shown anew; look at it, then import again.";
