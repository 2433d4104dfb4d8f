import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { AllLost, Lost, NotThere } from "./shell/Lost";
import { Root } from "./shell/Root";
import { me } from "./api/me";
import { Refusal } from "./api/refusal";
import { page, soon } from "./page";
import { pageCode } from "./late";
import { queries } from "./queries";

// The table of contents: every page of the console. The folders of pages/ follow it.

const root = createRootRoute({ component: Root, notFoundComponent: NotThere, errorComponent: AllLost });

const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", ...page(() => import("./pages/access/SignInPage")) });

/** What stands around every page of somebody who is signed in. */
const shell = () => import("./shell/Shell");

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: lazyRouteComponent(() => pageCode(shell), "Shell"),
  errorComponent: AllLost,
  beforeLoad: async ({ location }) => {
    // beside the question of who it is
    shell().catch(() => undefined);
    try {
      await soon(queries.ensureQueryData(me()));
    } catch (error) {
      // what else went wrong, and that nothing comes, is shown by the shell
      if (error instanceof Refusal && error.status === 401) throw redirect({ to: "/sign-in", search: { to: location.href } });
    }
  },
});
const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/projects" });
  },
});
const projects = createRoute({ getParentRoute: () => inside, path: "/projects", ...page(() => import("./pages/projects/ProjectsPage")) });
const users = createRoute({ getParentRoute: () => inside, path: "/users", ...page(() => import("./pages/users/UsersPage")) });
const servers = createRoute({ getParentRoute: () => inside, path: "/servers", ...page(() => import("./pages/servers/ServersPage")) });
const installationAudit = createRoute({ getParentRoute: () => inside, path: "/audit", ...page(() => import("./pages/audit/AuditPage")) });
const account = createRoute({ getParentRoute: () => inside, path: "/account", ...page(() => import("./pages/account/AccountPage")) });

const project = createRoute({ getParentRoute: () => inside, path: "/projects/$projectId" });
const projectHome = createRoute({
  getParentRoute: () => project,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/projects/$projectId/triggers", params });
  },
});
const triggers = createRoute({ getParentRoute: () => project, path: "/triggers", ...page(() => import("./pages/triggers/TriggersPage")) });
const failedTriggers = createRoute({ getParentRoute: () => project, path: "/failed-triggers", ...page(() => import("./pages/failed-triggers/FailedTriggersPage")) });
const failedTrigger = createRoute({
  getParentRoute: () => project,
  path: "/failed-triggers/$failedTriggerId",
  ...page(() => import("./pages/failed-triggers/FailedTriggerPage")),
});
const instances = createRoute({ getParentRoute: () => project, path: "/instances", ...page(() => import("./pages/instances/InstancesPage")) });
const instance = createRoute({ getParentRoute: () => project, path: "/instances/$instanceId", ...page(() => import("./pages/instances/InstancePage")) });
const events = createRoute({ getParentRoute: () => project, path: "/events", ...page(() => import("./pages/events/EventsPage")) });
const event = createRoute({ getParentRoute: () => project, path: "/events/$eventId", ...page(() => import("./pages/events/EventPage")) });
const policy = createRoute({ getParentRoute: () => project, path: "/policy", ...page(() => import("./pages/policy/PolicyPage")) });
const members = createRoute({ getParentRoute: () => project, path: "/members", ...page(() => import("./pages/members/MembersPage")) });
const audit = createRoute({ getParentRoute: () => project, path: "/audit", ...page(() => import("./pages/audit/AuditPage")) });

const branch = createRoute({ getParentRoute: () => project, path: "/branches/$branch" });
const dataSources = createRoute({ getParentRoute: () => branch, path: "/data-sources", ...page(() => import("./pages/data-sources/DataSourcesPage")) });

const dataSource = createRoute({ getParentRoute: () => branch, path: "/data-sources/$resourceDefinitionId", ...page(() => import("./pages/data-sources/DataSourcePage")) });

const versions = createRoute({ getParentRoute: () => branch, path: "/versions", ...page(() => import("./pages/versions/VersionsPage")) });

const commits = createRoute({ getParentRoute: () => branch, path: "/versions/commits", ...page(() => import("./pages/versions/VersionsPage")) });
const change = createRoute({ getParentRoute: () => branch, path: "/versions/changes/$resourceDefinitionId", ...page(() => import("./pages/versions/ChangePage")) });
const commit = createRoute({ getParentRoute: () => branch, path: "/versions/commits/$commitId", ...page(() => import("./pages/versions/CommitPage")) });
const committed = createRoute({
  getParentRoute: () => branch,
  path: "/versions/commits/$commitId/$resourceDefinitionId",
  ...page(() => import("./pages/versions/CommittedPage")),
});
const bring = createRoute({ getParentRoute: () => branch, path: "/versions/bring", ...page(() => import("./pages/branches/BringPage")) });

const processes = createRoute({ getParentRoute: () => branch, path: "/processes", ...page(() => import("./pages/processes/ProcessesPage")) });
const designer = createRoute({ getParentRoute: () => branch, path: "/processes/$processId", ...page(() => import("./pages/processes/DesignerPage")) });

const tree = root.addChildren([
  signIn,
  inside.addChildren([
    home,
    projects,
    account,
    users,
    servers,
    installationAudit,
    project.addChildren([
      projectHome, triggers, failedTriggers, failedTrigger, instances, instance, events, event, policy, members, audit,
      branch.addChildren([processes, designer, dataSources, dataSource, versions, commits, change, commit, committed, bring]),
    ]),
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: "intent", defaultErrorComponent: Lost, scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
