// What opens over the page: fetched when it is first asked for.
export { NewBranch } from "../branches/NewBranch";
export { Restore } from "./Restore";
