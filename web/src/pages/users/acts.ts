// What opens over the page: fetched when it is first asked for.
export { EditUser } from "./EditUser";
export { LinkDialog } from "./LinkDialog";
export { NewUser } from "./NewUser";
export { SwitchUser } from "./SwitchUser";
