// What opens over the page: fetched when it is first asked for.
export { DeleteProcess } from "./DeleteProcess";
export { NewProcess } from "./NewProcess";
export { RenameProcess } from "./RenameProcess";
