// What opens over the page: fetched when it is first asked for.
export { ImportProject } from "../transfer/ImportProject";
export { DeleteProject } from "./DeleteProject";
export { NewProject } from "./NewProject";
export { RenameProject } from "./RenameProject";
