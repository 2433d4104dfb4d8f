// What opens over the page: fetched when it is first asked for.
export { ImportInto } from "../transfer/ImportInto";
export { DeleteBranch } from "./DeleteBranch";
export { NewBranch } from "./NewBranch";
export { RenameBranch } from "./RenameBranch";
