// What opens over the page: fetched when it is first asked for.
export { AddMember } from "./AddMember";
export { ChangeMember } from "./ChangeMember";
export { RemoveMember } from "./RemoveMember";
