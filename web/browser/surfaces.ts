// Everything that opens: each page, dialog, menu and list of the console, and how a person comes to see it.
import type { Page } from "playwright-core";
import type { Stage } from "./stage";

/** A page, or something that is open on it. */
export interface Surface {
  name: string;
  path: string;
  /** What is done to see it; then something is in front of the page. */
  open?: (page: Page) => Promise<void>;
  /** It needs a window of a desk, as the designer does. */
  wide?: boolean;
}

type Step = (page: Page) => Promise<unknown>;

const button = (name: string | RegExp): Step => (page) => page.getByRole("button", { name, exact: typeof name === "string" }).first().click();
const item = (name: string): Step => (page) => page.getByRole("menuitem", { name }).click();
const menu = (of: string | RegExp): Step => async (page) => {
  await page.getByRole("button", { name: typeof of === "string" ? `Actions of ${of}` : of }).first().click();
  await page.getByRole("menu").waitFor();
};
const list = (name: string): Step => async (page) => {
  await page.getByRole("combobox", { name, exact: true }).or(page.getByRole("textbox", { name, exact: true })).last().click();
  await page.getByRole("listbox").or(page.getByText("Nothing found")).first().waitFor();
};
const dialog: Step = (page) => page.getByRole("dialog").last().waitFor();
const key = (press: string): Step => (page) => page.keyboard.press(press);
const radio = (name: string): Step => (page) => page.getByText(name, { exact: true }).first().click();

const drawn: Step = (page) => page.locator(".djs-shape").first().waitFor();
const shape = (id: string): Step => (page) => page.locator(`.djs-shape[data-element-id="${id}"] > .djs-hit`).first().click();

const open = (...steps: Step[]) => async (page: Page) => {
  for (const step of steps) await step(page);
};

/** Outside of projects. */
export function outside({ made, name, ada, linus }: Stage): Surface[] {
  // other tests have made more projects than there is room for
  const own = `/projects?name=${encodeURIComponent(name)}`;
  const users = `/users?email=${encodeURIComponent(linus.email)}`;
  return [
    { name: "projects", path: "/projects" },
    { name: "user menu", path: "/projects", open: open(button(ada.name), (page) => page.getByRole("menu").waitFor()) },
    { name: "palette", path: "/projects", open: open(key("Control+k"), dialog) },
    { name: "keys", path: "/projects", open: open(key("Shift+?"), dialog) },
    { name: "a project's menu", path: own, open: open(menu(name)) },
    { name: "a new project", path: "/projects", open: open(button("New project"), dialog) },
    { name: "importing a project", path: "/projects", open: open(button("Import…"), dialog) },
    { name: "renaming a project", path: own, open: open(menu(name), item("Rename…"), dialog) },
    { name: "deleting a project", path: own, open: open(menu(name), item("Delete…"), dialog) },
    { name: "account", path: "/account" },
    { name: "a token's menu", path: "/account", open: open(menu("pipeline")) },
    { name: "revoking a token", path: "/account", open: open(menu("pipeline"), item("Revoke"), dialog) },
    { name: "a new token", path: "/account", open: open(button("New token"), dialog) },
    { name: "a new token's projects", path: "/account", open: open(button("New token"), dialog, list("Project")) },
    { name: "users", path: users },
    { name: "a user's menu", path: users, open: open(menu(linus.name)) },
    { name: "a new user", path: users, open: open(button("New user"), dialog) },
    { name: "a user's name", path: users, open: open(menu(linus.name), item("Change name or e-mail"), dialog) },
    { name: "a sign-in link", path: users, open: open(menu(linus.name), item("Make sign-in link"), dialog) },
    { name: "disabling a user", path: users, open: open(menu(linus.name), item("Disable"), dialog) },
    { name: "states of users", path: users, open: open(list("State")) },
    { name: "servers", path: "/servers" },
    { name: "audit of the installation", path: "/audit" },
    { name: "no such page", path: `/projects/${made.projectId}/nowhere` },
  ];
}

/** The pages of what runs. */
export function runtime(stage: Stage): Surface[] {
  const at = (path: string) => `/projects/${stage.made.projectId}${path}`;
  const lists = (page: string, path: string, names: string[]): Surface[] =>
    names.map((name) => ({ name: `${page}, ${name}`, path: at(path), open: open(list(name)) }));
  const ofFailed = /^Actions of the failed trigger/;
  return [
    { name: "triggers", path: at("/triggers") },
    { name: "the project's list", path: at("/triggers"), open: open(list("Project")), wide: true },
    { name: "the branch's list", path: at("/triggers"), open: open(list("Branch")), wide: true },
    { name: "a trigger's menu", path: at("/triggers"), open: open(menu("orders")) },
    { name: "the URL", path: at("/triggers"), open: open(menu("orders"), item("Get URL"), button("Send a test event …")) },
    { name: "resetting a key", path: at("/triggers"), open: open(menu("orders"), item("Get URL"), button("Reset API Key")) },
    { name: "deactivating", path: at("/triggers"), open: open(menu("orders"), item("Deactivate"), dialog) },
    ...lists("triggers", "/triggers", ["State"]),
    { name: "failed triggers", path: at("/failed-triggers") },
    { name: "a failed trigger's menu", path: at("/failed-triggers"), open: open(menu(ofFailed)) },
    { name: "dismissing", path: at("/failed-triggers"), open: open(menu(ofFailed), item("Dismiss"), dialog) },
    ...lists("failed triggers", "/failed-triggers", ["Webhook", "Stage", "State", "Time"]),
    { name: "causes", path: at("/failed-triggers?view=causes") },
    { name: "a cause's menu", path: at("/failed-triggers?view=causes"), open: open(menu(/^Actions of the cause/)) },
    { name: "dismissing a cause", path: at("/failed-triggers?view=causes"), open: open(menu(/^Actions of the cause/), item("Dismiss all"), dialog) },
    { name: "a failed trigger", path: at(`/failed-triggers/${stage.failed}`) },
    { name: "dismissing this one", path: at(`/failed-triggers/${stage.failed}`), open: open(button("Dismiss"), dialog) },
    { name: "instances", path: at("/instances") },
    ...lists("instances", "/instances", ["Process", "Time"]),
    { name: "open incidents", path: at("/instances?view=incidents") },
    { name: "an incident's menu", path: at("/instances?view=incidents"), open: open(menu(/^Actions of the incident/)) },
    { name: "an instance", path: at(`/instances/${stage.instance}`) },
    { name: "an incident", path: at(`/instances/${stage.waiting}`) },
    { name: "cancelling", path: at(`/instances/${stage.waiting}`), open: open(button("Cancel instance"), dialog) },
    { name: "changing variables", path: at(`/instances/${stage.waiting}`), open: open(button("Change variables"), dialog) },
    { name: "events", path: at("/events") },
    ...lists("events", "/events", ["What became of it"]),
    { name: "an event", path: at(`/events/${stage.event}`) },
    { name: "policy", path: at("/policy") },
    { name: "branches that may run", path: at("/policy"), open: open(list("Branch")) },
    { name: "commits that may run", path: at("/policy"), open: open(radio("One commit"), list("Commit")) },
    { name: "applying a policy", path: at(`/policy?commit=${stage.commit}`), open: open(button("Apply…"), dialog) },
    { name: "members", path: at("/members") },
    { name: "a member's menu", path: at("/members"), open: open(menu(stage.linus.name)) },
    { name: "a member's roles", path: at("/members"), open: open(menu(stage.linus.name), item("Change roles"), dialog) },
    { name: "removing a member", path: at("/members"), open: open(menu(stage.linus.name), item("Remove"), dialog) },
    { name: "adding a member", path: at("/members"), open: open(button("Add member"), dialog) },
    { name: "where a member is added", path: at("/members"), open: open(button("Add member"), dialog, list("Where")) },
    { name: "audit", path: at("/audit") },
    { name: "the audit's export", path: at("/audit"), open: open(menu(/^Export/)) },
    { name: "verifying the audit", path: at("/audit"), open: open(button("Verify"), dialog) },
    { name: "an entry of the audit", path: at("/audit"), open: open(button("Made the project"), dialog) },
    ...lists("audit", "/audit", ["Action"]),
  ];
}

/** The pages of what is drawn and committed. */
export function config(stage: Stage): Surface[] {
  const at = (path: string) => `/projects/${stage.made.projectId}/branches/main${path}`;
  const feature = `/projects/${stage.made.projectId}/branches/refunds/versions`;
  const designer = (name: string, ...steps: Step[]): Surface => ({ name, path: at(`/processes/${stage.process}`), wide: true, open: open(drawn, ...steps) });
  return [
    { name: "processes", path: at("/processes") },
    { name: "a process's menu", path: at("/processes"), open: open(menu("order-intake")) },
    { name: "a new process", path: at("/processes"), open: open(button("New process"), dialog) },
    { name: "renaming a process", path: at("/processes"), open: open(menu("order-intake"), item("Rename…"), dialog) },
    { name: "deleting a process", path: at("/processes"), open: open(menu("order-intake"), item("Delete…"), dialog) },
    { name: "designer", path: at(`/processes/${stage.process}`) },
    designer("the designer's menu", menu(/^Import, export, keys$/)),
    designer("the designer's keys", (page) => page.locator(".djs-container svg[tabindex]").focus(), key("?"), dialog),
    designer("kinds of trigger", shape("received"), list("Trigger Type")),
    designer("webhooks to select", shape("received"), list("Select Webhook")),
    designer("what an element can be", shape("work"), (page) => page.locator('.djs-context-pad [data-action="replace"]').click(), (page) => page.locator(".djs-popup").waitFor()),
    designer("what can be appended", shape("work"), (page) => page.keyboard.press("a"), (page) => page.locator(".djs-popup").waitFor()),
    designer("trying", (page) => page.getByRole("tab", { name: "Try" }).click()),
    { name: "data sources", path: at("/data-sources") },
    { name: "kinds of data source", path: at("/data-sources"), open: open(menu(/^New data source$/)) },
    { name: "a new webhook", path: at("/data-sources"), open: open(menu(/^New data source$/), item("Incoming Webhook"), dialog) },
    { name: "a data source's menu", path: at("/data-sources"), open: open(menu("orders")) },
    { name: "deleting a data source", path: at("/data-sources"), open: open(menu("orders"), item("Delete…"), dialog) },
    { name: "a data source", path: at(`/data-sources/${stage.orders}`) },
    { name: "versions", path: at("/versions") },
    { name: "the branch's menu", path: at("/versions"), open: open(menu(/^Branch main/)) },
    { name: "a new branch", path: at("/versions"), open: open(menu(/^Branch main/), item("New branch…"), dialog) },
    { name: "importing into a branch", path: at("/versions"), open: open(menu(/^Branch main/), item("Import…"), dialog) },
    { name: "renaming a branch", path: feature, open: open(menu(/^Branch refunds/), item("Rename…"), dialog) },
    { name: "deleting a branch", path: feature, open: open(menu(/^Branch refunds/), item("Delete…"), dialog) },
    { name: "discarding", path: at("/versions"), open: open(button("Discard…"), dialog) },
    { name: "commits", path: at("/versions/commits") },
    { name: "a commit", path: at(`/versions/commits/${stage.commit}`) },
    { name: "restoring", path: at(`/versions/commits/${stage.commit}`), open: open((page) => page.getByLabel("Choose all that are shown").check(), button(/^Restore/), dialog) },
    { name: "a process in a commit", path: at(`/versions/commits/${stage.commit}/${stage.process}`) },
    { name: "a change", path: at("/versions"), open: async (page) => page.getByRole("link", { name: "invoices" }).click().then(() => page.getByRole("heading", { level: 1, name: "invoices" }).waitFor()) },
    { name: "bringing", path: at("/versions/bring") },
    { name: "branches to bring from", path: at("/versions/bring"), open: open((page) => page.getByRole("combobox").last().click(), (page) => page.getByRole("listbox").waitFor()) },
  ];
}
