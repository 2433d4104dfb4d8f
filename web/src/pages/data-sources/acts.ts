// What opens over the page: fetched when it is first asked for.
export { DeleteDataSource } from "./DeleteDataSource";
export { NewDataSource } from "./NewDataSource";
