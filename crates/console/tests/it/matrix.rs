//! Bar 21: every operation of the served document × role × place × kind of credentials, compared with a table that
//! stands here and not in the product.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use store::role::Place;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::app::App;
use crate::document::operations;
use crate::people::{COOKIE, TokenOf};

const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
const ROLES: [&str; 5] = ["none", "viewer", "editor", "operator", "admin"];

/// Role → rights. Written down a second time on purpose.
type Table = BTreeMap<&'static str, Vec<&'static str>>;

fn table() -> Table {
    let viewer = vec!["project:read", "runtime:read"];
    let editor = [viewer.clone(), vec!["resource:write", "commit:create"]].concat();
    let operator = [
        viewer.clone(),
        vec![
            "payload:read",
            "policy:write",
            "trigger:operate",
            "trigger:reveal-url",
            "trigger:reset-api-key",
        ],
        vec!["runtime:operate"],
    ]
    .concat();
    let all = vec!["project:manage", "member:manage", "user:manage", "audit:read"];
    let admin = [editor.clone(), operator.clone(), all].concat();
    BTreeMap::from([
        ("none", Vec::new()),
        ("viewer", viewer),
        ("editor", editor),
        ("operator", operator),
        ("admin", admin),
    ])
}

/// Where the role is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Project,
    Workspace,
    Organization,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Forbidden,
    Hidden,
}

/// What an operation is about, read from the document.
#[derive(Clone, Debug)]
struct Asked {
    id: String,
    method: String,
    path: String,
    right: String,
}

/// One call and what came of it.
#[derive(Debug)]
struct Seen {
    asked: Asked,
    role: &'static str,
    given: Given,
    elsewhere: bool,
    credentials: &'static str,
    status: StatusCode,
    body: Vec<u8>,
}

impl Asked {
    fn all() -> Vec<Asked> {
        let document = console::document();
        let all = operations(&document).into_iter().map(|(method, path, operation)| Asked {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            right: operation["x-forebay-right"]
                .as_str()
                .unwrap_or_else(|| panic!("no right: {path}"))
                .to_owned(),
            method,
            path,
        });
        all.collect()
    }

    /// Whether the path names more than where the right is asked.
    fn has_ids_of_things(&self) -> bool {
        let places = ["{projectId}", "{organizationId}", "{workspaceId}", "{branch}"];
        self.path.split('/').any(|part| part.starts_with('{') && !places.contains(&part))
    }

    fn filled(&self, project: &str, organization: &str, workspace: &str) -> String {
        let parts = self.path.split('/').map(|part| match part {
            "{projectId}" => project,
            "{organizationId}" => organization,
            "{workspaceId}" => workspace,
            "{branch}" => "main",
            part if part.starts_with('{') => UNKNOWN,
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// What the table says about a call.
fn expected(seen: &Seen, table: &Table) -> Outcome {
    let (right, path) = (seen.asked.right.as_str(), seen.asked.path.as_str());
    let role = seen.role != "none";
    let reach = |reached: bool, hidden: Outcome| match reached {
        false => hidden,
        true if table[seen.role].contains(&right) => Outcome::Passed,
        true => Outcome::Forbidden,
    };
    let (above, top) = (seen.given != Given::Project, seen.given == Given::Organization);
    match right {
        "public" | "signed-in" | "account:manage" => Outcome::Passed,
        _ if path.contains("{projectId}") => reach(role && (above || !seen.elsewhere), Outcome::Hidden),
        _ if path.contains("{workspaceId}") => reach(role && above, Outcome::Hidden),
        _ if path.contains("{organizationId}") => reach(role && top, Outcome::Hidden),
        "user:manage" | "audit:read" | "member:manage" => reach(role && top, Outcome::Forbidden),
        // lists what the caller sees: nothing, for some
        "project:read" => Outcome::Passed,
        _ => reach(role && above, Outcome::Forbidden),
    }
}

/// The calls that the table does not explain.
fn mismatches(all: &[Seen], table: &Table, hidden: &[u8]) -> Vec<String> {
    let wrong = all.iter().filter(|seen| {
        let has_other_ids = seen.asked.has_ids_of_things();
        let unknown = seen.status == 404 && seen.body == hidden;
        match expected(seen, table) {
            Outcome::Forbidden => seen.status != 403,
            Outcome::Hidden => !unknown,
            // ids of things below a project are unknown ones here
            Outcome::Passed => matches!(seen.status.as_u16(), 401 | 403) || (unknown && !has_other_ids),
        }
    });
    let tell = |s: &Seen| {
        format!(
            "{} {} as {} on {:?} by {}: {}",
            s.asked.method, s.asked.path, s.role, s.given, s.credentials, s.status
        )
    };
    wrong.map(tell).collect()
}

struct World {
    app: App,
    own: String,
    other: String,
    organization: String,
    workspace: String,
    hidden: Vec<u8>,
}

impl World {
    async fn new() -> World {
        let app = App::new().await;
        let (own, other) = (app.project("Own").await.id, app.project("Other").await.id);
        let project = app.get(&format!("projects/{own}")).await.good();
        let id = |name: &str| project[name].as_str().unwrap().to_owned();
        let (organization, workspace) = (id("organizationId"), id("workspaceId"));
        let hidden = app.get(&format!("projects/{UNKNOWN}")).await.bytes;
        World { own, other, organization, workspace, hidden, app }
    }

    /// A user with this role, with a token that is the user's id.
    async fn member(&self, role: &'static str, given: Given) -> Uuid {
        let user = self.app.user(&format!("{role}-{given:?}@example.com")).await;
        let id = |text: &str| Uuid::parse_str(text).unwrap();
        let place = match given {
            Given::Project => Place::Project(id(&self.own)),
            Given::Workspace => Place::Workspace(id(&self.workspace)),
            Given::Organization => Place::Organization(id(&self.organization)),
        };
        if role != "none" {
            self.app.role(user, place, role).await;
        }
        let of = TokenOf { user, scopes: "admin", project: None, expires_at: None };
        self.app.token(&format!("token-of-{user}"), of).await;
        user
    }

    /// Sends it so that nothing can be changed by it: no body, and a version that nothing has. The body of a success
    /// is not read: it may have no end.
    async fn call(
        &self,
        asked: &Asked,
        path: &str,
        credentials: Option<(&str, String)>,
    ) -> (StatusCode, Vec<u8>) {
        let mut request = Request::builder()
            .method(Method::from_bytes(asked.method.as_bytes()).unwrap())
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header("if-match", "\"no-such-version\"");
        if let Some((name, value)) = credentials {
            request = request.header(name, value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = match status.is_success() {
            true => Vec::new(),
            false => to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec(),
        };
        (status, body)
    }

    async fn bearer(&self, user: Uuid) -> (&'static str, String) {
        ("authorization", format!("Bearer token-of-{user}"))
    }

    /// A session of its own for each call: signing out ends one.
    async fn cookie(&self, user: Uuid) -> (&'static str, String) {
        let value = Uuid::new_v4().to_string();
        self.app.session(user, &value).await;
        ("cookie", format!("{COOKIE}={value}"))
    }
}

#[tokio::test]
async fn every_operation_answers_as_the_table_says() {
    let world = World::new().await;
    let mut all = Vec::new();
    for given in [Given::Project, Given::Workspace, Given::Organization] {
        for role in ROLES {
            let user = world.member(role, given).await;
            for asked in Asked::all() {
                let in_project = asked.path.contains("{projectId}");
                for (elsewhere, credentials) in [(false, "token"), (true, "token"), (false, "cookie")] {
                    // a cookie is looked up in another place than a token; the rights after that are the same
                    if (elsewhere && !in_project) || (credentials == "cookie" && given != Given::Project) {
                        continue;
                    }
                    let project = if elsewhere { &world.other } else { &world.own };
                    let path = asked.filled(project, &world.organization, &world.workspace);
                    let sent = match credentials {
                        "token" => world.bearer(user).await,
                        _ => world.cookie(user).await,
                    };
                    let (status, body) = world.call(&asked, &path, Some(sent)).await;
                    let asked = asked.clone();
                    all.push(Seen { asked, role, given, elsewhere, credentials, status, body });
                }
            }
        }
    }
    println!("{} calls", all.len());
    assert!(all.len() > 1500, "only {} calls", all.len());
    let wrong = mismatches(&all, &table(), &world.hidden);
    assert!(wrong.is_empty(), "{} calls: {}", wrong.len(), wrong.join("\n"));

    // the control: each right that a role has is taken out of the table once, and the comparison must see it
    let mut dropped = 0;
    for (role, rights) in table() {
        for right in rights {
            let mut less = table();
            less.get_mut(role).unwrap().retain(|one| *one != right);
            let noticed = mismatches(&all, &less, &world.hidden);
            assert!(!noticed.is_empty(), "nobody noticed that {role} has no {right}");
            dropped += 1;
        }
    }
    println!("control: {dropped} tables with one right dropped, each was noticed");
}

#[tokio::test]
async fn what_is_no_valid_credential_opens_nothing() {
    let world = World::new().await;
    let user = world.member("admin", Given::Organization).await;
    let expired = TokenOf { user, scopes: "admin", project: None, expires_at: Some(2) };
    world.app.token("an-expired-token", expired).await;
    let revoked = world.app.token("a-revoked-token", TokenOf { expires_at: None, ..expired }).await;
    let revoke = world
        .app
        .console
        .db
        .write(move |tx| Box::pin(async move { store::token::revoke(tx, revoked, 3).await }));
    revoke.await.unwrap();
    let bearer = |secret: &str| Some(("authorization", format!("Bearer {secret}")));
    let mut asked_for = 0;
    for asked in Asked::all().into_iter().filter(|asked| asked.right != "public") {
        let path = asked.filled(&world.own, &world.organization, &world.workspace);
        for wrong in [
            None,
            bearer("an-expired-token"),
            bearer("a-revoked-token"),
            bearer("never-made"),
            Some(("cookie", format!("{COOKIE}=never-made"))),
            // the name that the cookie has elsewhere
            Some(("cookie", "forebay=never-made".to_owned())),
        ] {
            let tell = format!("{} {path} with {wrong:?}", asked.method);
            let (status, _) = world.call(&asked, &path, wrong).await;
            assert_eq!(status, 401, "{tell}");
            asked_for += 1;
        }
    }
    assert!(asked_for > 400, "only {asked_for} calls");
}

#[tokio::test]
async fn a_scope_takes_rights_away_and_never_adds_any() {
    let world = World::new().await;
    let user = world.member("operator", Given::Project).await;
    let project = Some(Uuid::parse_str(&world.own).unwrap());
    for asked in Asked::all().into_iter().filter(|asked| asked.path.contains("{projectId}")) {
        for (other, scopes) in [("none", ""), ("more", "resource:write project:manage member:manage")] {
            let secret = format!("{other}-{}", asked.id);
            world.app.token(&secret, TokenOf { user, scopes, project, expires_at: None }).await;
            let path = asked.filled(&world.own, &world.organization, &world.workspace);
            let bearer = ("authorization", format!("Bearer {secret}"));
            let (status, _) = world.call(&asked, &path, Some(bearer)).await;
            assert_eq!(status, 403, "{} with the scopes {scopes:?}", asked.id);
        }
    }
}
