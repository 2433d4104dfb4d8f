//! Users and their roles: what each may, where, and that somebody is left who may everything.

use serde_json::{Value, json};
use store::role::Place;
use uuid::Uuid;

use crate::app::{App, column, text};
use crate::people::TokenOf;

async fn places(app: &App) -> (String, String, String) {
    let project = app.project("Own").await.id;
    let shown = app.get(&format!("projects/{project}")).await.good();
    (project, text(&shown, "workspaceId"), text(&shown, "organizationId"))
}

/// A token of everything that this user may.
async fn full_token(app: &App, user: Uuid) -> String {
    let secret = format!("token-of-{user}");
    app.token(&secret, TokenOf { user, scopes: "admin", project: None, expires_at: None }).await;
    secret
}

#[tokio::test]
async fn users_are_made_listed_and_changed() {
    let app = App::new().await;
    let made = app.post("users", json!({ "email": " Ada@Example.COM", "name": "Ada \u{1F600}" })).await;
    let tag = made.etag();
    let made = made.good();
    assert_eq!(
        (made["email"].as_str(), made["hasPassword"].as_bool()),
        (Some("ada@example.com"), Some(false))
    );
    let path = format!("users/{}", text(&made, "id"));
    assert_eq!(
        app.post("users", json!({ "email": "ADA@example.com", "name": "B" })).await.refused(409),
        "email-taken"
    );
    for (email, name) in [
        ("no-at", "A"),
        ("@example.com", "A"),
        ("a@", "A"),
        ("a b@example.com", "A"),
        ("a\u{202e}@example.com", "A"),
        ("a\r\n@example.com", "A"),
        ("a@example.com", ""),
        ("a@example.com", "a\u{0}b"),
        ("a@example.com", "\u{202e}abc"),
    ] {
        app.post("users", json!({ "email": email, "name": name })).await.refused(422);
    }
    app.post("users", json!({ "email": format!("{}@example.com", "x".repeat(10_000_000 / 4)), "name": "A" }))
        .await
        .refused(422);
    let renamed = app.json("PATCH", &path, Some(&tag), json!({ "name": "Countess" })).await;
    assert_eq!(renamed.clone().good()["name"], "Countess");
    assert_eq!(app.json("PATCH", &path, Some(&tag), json!({ "name": "Other" })).await.refused(412), "stale");
    assert_eq!(
        app.json("PATCH", &path, Some("*"), json!({ "email": "admin@localhost" })).await.refused(409),
        "email-taken"
    );
    app.json("PATCH", &path, Some("*"), json!({ "disabled": true })).await.good();
    let listed = |query: &'static str| {
        let app = &app;
        async move { column(&app.get(query).await.good(), "email") }
    };
    assert_eq!(listed("users").await, ["ada@example.com", "admin@localhost"]);
    assert_eq!(listed("users?disabled=true").await, ["ada@example.com"]);
    assert_eq!(listed("users?disabled=false").await, ["admin@localhost"]);
    assert_eq!(listed("users?email=ADA%40example.com").await, ["ada@example.com"]);
    assert_eq!(listed("users?email=nobody").await, Vec::<String>::new());
    let first = app.get("users?limit=1").await.good();
    let rest = app.get(&format!("users?limit=1&cursor={}", text(&first, "nextCursor"))).await.good();
    assert_eq!(column(&rest, "email"), ["admin@localhost"]);
}

#[tokio::test]
async fn a_role_opens_a_project_until_it_is_taken_away() {
    let app = App::new().await;
    let (project, workspace, organization) = places(&app).await;
    let user = app.user("ada@example.com").await;
    let token = full_token(&app, user).await;
    let see = || app.by_token("GET", "projects", &token, None);
    for place in [
        format!("projects/{project}"),
        format!("workspaces/{workspace}"),
        format!("organizations/{organization}"),
    ] {
        let members = format!("{place}/members");
        assert_eq!(column(&see().await.good(), "id"), Vec::<String>::new());
        app.by_token("GET", &format!("projects/{project}"), &token, None).await.refused(404);
        let body = json!({ "email": "ADA@example.com", "roles": ["viewer"] });
        let added = app.post(&members, body.clone()).await;
        let tag = added.etag();
        assert_eq!(added.status, 201);
        // once more: nothing changes, and nothing is refused
        let again = app.post(&members, body).await;
        assert_eq!((again.status.as_u16(), again.etag()), (200, tag.clone()));
        assert_eq!(column(&see().await.good(), "id"), std::slice::from_ref(&project));
        app.by_token("GET", &format!("projects/{project}"), &token, None).await.good();
        let me = app.by_token("GET", "me", &token, None).await.good();
        assert_eq!(me["roles"][0]["rights"], json!(["project:read", "runtime:read"]));
        let one = format!("{members}/{user}");
        let changed =
            app.json("PATCH", &one, Some(&tag), json!({ "roles": ["editor"], "payload": true })).await.good();
        assert_eq!((&changed["roles"], &changed["payload"]), (&json!(["editor"]), &json!(true)));
        assert_eq!(changed["createdAt"], added.json()["createdAt"]);
        let me = app.by_token("GET", "me", &token, None).await.good();
        assert!(me["roles"][0]["rights"].as_array().unwrap().contains(&json!("payload:read")));
        assert_eq!(app.delete(&one, Some(&tag)).await.refused(412), "stale");
        assert_eq!(app.delete(&one, Some("*")).await.status, 204);
        assert_eq!(app.delete(&one, Some("*")).await.refused(404), "not-found");
    }
    for body in [
        json!({ "roles": ["viewer"] }),
        json!({ "email": "a@b", "userId": user, "roles": ["viewer"] }),
        json!({ "email": "nobody@example.com", "roles": ["viewer"] }),
        json!({ "email": "a\u{0}b", "roles": ["viewer"] }),
        json!({ "userId": Uuid::new_v4(), "roles": ["viewer"] }),
        json!({ "userId": user, "roles": ["owner"] }),
        json!({ "userId": user, "roles": ["viewer", "Editor"] }),
        json!({ "userId": user, "roles": [] }),
        json!({ "userId": user, "role": "viewer" }),
    ] {
        app.post(&format!("projects/{project}/members"), body).await.refused(422);
    }
    let wrong = json!({ "userId": user, "roles": ["owner"] });
    let error = app.post(&format!("projects/{project}/members"), wrong).await.json()["errors"][0].clone();
    assert_eq!(error["message"], "must be one or more of viewer, editor, operator, admin");
}

/// The rights that somebody has in a project, as the API tells them.
async fn rights(app: &App, token: &str) -> Vec<String> {
    let me = app.by_token("GET", "me", token, None).await.good();
    let roles = me["roles"].as_array().unwrap();
    let all = roles.iter().flat_map(|role| role["rights"].as_array().unwrap());
    all.map(|right| right.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn several_roles_on_one_place_come_to_their_union() {
    let app = App::new().await;
    let (project, workspace, organization) = places(&app).await;
    for (at, place) in [
        format!("projects/{project}"),
        format!("workspaces/{workspace}"),
        format!("organizations/{organization}"),
    ]
    .into_iter()
    .enumerate()
    {
        let user = app.user(&format!("ada-{at}@example.com")).await;
        let token = full_token(&app, user).await;
        let (members, one) = (format!("{place}/members"), format!("{place}/members/{user}"));
        let may = |method: &'static str, rest: &'static str| {
            let (app, path, token) = (&app, format!("projects/{project}/{rest}"), &token);
            async move { app.by_token(method, &path, token, None).await.status.as_u16() }
        };
        let (commit, policy) = (("POST", "branches/main/commits"), ("PUT", "active-policy"));
        app.post(&members, json!({ "userId": user, "roles": ["editor"] })).await.good();
        assert_eq!((may(commit.0, commit.1).await, may(policy.0, policy.1).await), (415, 403));
        // the second role, and the third; the order of the answer is that of the roles
        let first = app.get(&one).await.etag();
        app.post(&members, json!({ "userId": user, "roles": ["operator"] })).await.good();
        assert_ne!(app.get(&one).await.etag(), first, "a second role is a change of the member");
        assert_eq!((may(commit.0, commit.1).await, may(policy.0, policy.1).await), (415, 415));
        let all =
            app.post(&members, json!({ "userId": user, "roles": ["viewer", "operator", "viewer"] })).await;
        assert_eq!(all.good()["roles"], json!(["viewer", "editor", "operator"]));
        let told = rights(&app, &token).await;
        assert!(["commit:create", "policy:write"].iter().all(|right| told.iter().any(|has| has == right)));
        let listed = app.get(&format!("{members}?limit=200")).await.good();
        let own =
            listed["items"].as_array().unwrap().iter().filter(|m| text(m, "userId") == user.to_string());
        assert_eq!(own.count(), 1, "one member, whatever the roles");
        assert_eq!(
            column(&app.by_token("GET", "projects", &token, None).await.good(), "id"),
            std::slice::from_ref(&project)
        );
        // one is taken away: the others stay
        let tag = app.get(&one).await.etag();
        assert_eq!(app.delete(&format!("{one}/roles/operator"), Some(&first)).await.refused(412), "stale");
        assert_eq!(app.delete(&format!("{one}/roles/operator"), None).await.refused(428), "if-match-missing");
        assert_eq!(app.delete(&format!("{one}/roles/operator"), Some(&tag)).await.status, 204);
        assert_eq!((may(commit.0, commit.1).await, may(policy.0, policy.1).await), (415, 403));
        for gone in ["operator", "admin", "owner", "%00"] {
            app.delete(&format!("{one}/roles/{gone}"), Some("*")).await.refused(404);
        }
        app.delete(&format!("{one}/roles/viewer"), Some("*")).await.good();
        assert_eq!(app.get(&one).await.good()["roles"], json!(["editor"]));
        app.delete(&format!("{one}/roles/editor"), Some("*")).await.good();
        app.get(&one).await.refused(404);
        app.by_token("GET", &format!("projects/{project}"), &token, None).await.refused(404);
    }
}

#[tokio::test]
async fn the_flag_for_payloads_belongs_to_the_member() {
    let app = App::new().await;
    let (project, ..) = places(&app).await;
    let user = app.user("ada@example.com").await;
    let token = full_token(&app, user).await;
    let members = format!("projects/{project}/members");
    let give = |roles: Value, payload: bool| {
        let (app, members) = (&app, &members);
        let body = json!({ "userId": user, "roles": roles, "payload": payload });
        async move { app.post(members, body).await }
    };
    assert_eq!(give(json!(["viewer"]), true).await.good()["payload"], true);
    // giving never takes: neither the flag nor a role
    assert_eq!(give(json!(["viewer"]), false).await.status, 200);
    assert_eq!(give(json!(["editor"]), false).await.good()["payload"], true);
    app.delete(&format!("{members}/{user}/roles/viewer"), Some("*")).await.good();
    assert!(rights(&app, &token).await.contains(&"payload:read".to_owned()));
    let none = app.json("PATCH", &format!("{members}/{user}"), Some("*"), json!({ "payload": false })).await;
    assert_eq!(
        (none.clone().good()["payload"].as_bool(), &none.json()["roles"]),
        (Some(false), &json!(["editor"]))
    );
    assert!(!rights(&app, &token).await.contains(&"payload:read".to_owned()));
    let actions = app.audit(&project).await;
    let own: Vec<_> = actions.iter().filter(|action| action.starts_with("member.")).collect();
    assert_eq!(own, ["member.add", "member.change", "member.change", "member.change"]);
}

#[tokio::test]
async fn roles_that_are_given_at_once_all_count() {
    let app = App::new().await;
    let (project, ..) = places(&app).await;
    let user = app.user("ada@example.com").await;
    let members = format!("projects/{project}/members");
    let (one, body) = (format!("{members}/{user}"), |role: &str| json!({ "userId": user, "roles": [role] }));
    let gave = futures::future::join_all(
        ["editor", "operator", "viewer", "editor", "operator"].map(|role| app.post(&members, body(role))),
    )
    .await;
    let mut statuses: Vec<u16> = gave.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 201, 201, 201]);
    assert_eq!(app.get(&one).await.good()["roles"], json!(["viewer", "editor", "operator"]));
    // of two who replace what they saw, one has not seen the other's
    let tag = app.get(&one).await.etag();
    let wish = |roles: Value| app.json("PATCH", &one, Some(&tag), json!({ "roles": roles }));
    let (first, second) = futures::join!(wish(json!(["editor"])), wish(json!(["operator"])));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn several_roles_do_not_shorten_a_list() {
    let app = App::new().await;
    let (project, _, organization) = places(&app).await;
    let second = app.project("Second").await.id;
    let user = app.user("ada@example.com").await;
    let token = full_token(&app, user).await;
    let mut expected = vec![project, second];
    expected.sort();
    for project in &expected {
        let all = json!({ "userId": user, "roles": ["viewer", "editor", "operator", "admin"] });
        app.post(&format!("projects/{project}/members"), all).await.good();
    }
    let first = app.by_token("GET", "projects?limit=1", &token, None).await.good();
    let rest = format!("projects?limit=1&cursor={}", text(&first, "nextCursor"));
    let rest = app.by_token("GET", &rest, &token, None).await.good();
    assert_eq!([column(&first, "id"), column(&rest, "id")].concat(), expected);
    assert!(rest["nextCursor"].is_null());
    // the rights on the whole installation are counted by organization, not by role
    let place = format!("organizations/{organization}/members");
    app.post(&place, json!({ "userId": user, "roles": ["viewer", "editor"] })).await.good();
    app.by_token("GET", "users", &token, None).await.refused(403);
    app.post(&place, json!({ "userId": user, "roles": ["admin"] })).await.good();
    app.by_token("GET", "users", &token, None).await.good();
}

#[tokio::test]
async fn a_project_shows_who_comes_in_from_above() {
    let app = App::new().await;
    let (project, workspace, organization) = places(&app).await;
    for (email, place) in [
        ("a@x.org", format!("projects/{project}")),
        ("b@x.org", format!("workspaces/{workspace}")),
        ("c@x.org", format!("organizations/{organization}")),
    ] {
        let user = app.user(email).await;
        app.post(&format!("{place}/members"), json!({ "userId": user, "roles": ["viewer"] })).await.good();
    }
    let mut seen = Vec::new();
    let mut path = format!("projects/{project}/members?limit=1");
    loop {
        let page = app.get(&path).await.good();
        seen.extend(page["items"].as_array().unwrap().iter().map(|m| (text(m, "email"), text(m, "level"))));
        let Value::String(next) = &page["nextCursor"] else { break };
        path = format!("projects/{project}/members?limit=1&cursor={next}");
    }
    let of = |email: &str, level: &str| (email.to_owned(), level.to_owned());
    assert_eq!(
        seen,
        [
            of("admin@localhost", "organization"),
            of("a@x.org", "project"),
            of("b@x.org", "workspace"),
            of("c@x.org", "organization")
        ]
    );
    let above = app.get(&format!("organizations/{organization}/members")).await.good();
    assert_eq!(column(&above, "email"), ["admin@localhost", "c@x.org"]);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = App::new().await;
    let (_, _, organization) = places(&app).await;
    let first = app.administrator().await;
    let member = |user: Uuid| format!("organizations/{organization}/members/{user}");
    assert_eq!(app.delete(&member(first), Some("*")).await.refused(409), "last-admin");
    let less = json!({ "roles": ["operator"] });
    assert_eq!(app.json("PATCH", &member(first), Some("*"), less).await.refused(409), "last-admin");
    // another role beside it does not make the last one less so
    let also = json!({ "userId": first, "roles": ["viewer"] });
    app.post(&format!("organizations/{organization}/members"), also).await.good();
    let one = format!("{}/roles/admin", member(first));
    assert_eq!(app.delete(&one, Some("*")).await.refused(409), "last-admin");
    app.delete(&format!("{}/roles/viewer", member(first)), Some("*")).await.good();
    let off = json!({ "disabled": true });
    let first_user = format!("users/{first}");
    assert_eq!(app.json("PATCH", &first_user, Some("*"), off.clone()).await.refused(409), "last-admin");
    // somebody who may not sign in is no administrator
    let second = app.user("second@example.com").await;
    let admin = json!({ "userId": second, "roles": ["admin"] });
    app.post(&format!("organizations/{organization}/members"), admin).await.good();
    app.json("PATCH", &format!("users/{second}"), Some("*"), off.clone()).await.good();
    assert_eq!(app.delete(&member(first), Some("*")).await.refused(409), "last-admin");
    app.json("PATCH", &format!("users/{second}"), Some("*"), json!({ "disabled": false })).await.good();
    // each takes the other's role away, at the same time
    let token = full_token(&app, second).await;
    let (theirs, mine) = (member(first), member(second));
    let (one, other) =
        futures::join!(app.by_token("DELETE", &theirs, &token, None), app.delete(&mine, Some("*")),);
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    // the one who came second has lost the right, or is the last
    assert!(matches!(statuses, [204, 403 | 404 | 409]), "{statuses:?}");
    let left = app
        .column_of("SELECT user_id FROM role_assignment WHERE level = 'organization' AND role = 'admin'")
        .await;
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn an_administrator_below_is_none_above() {
    let app = App::new().await;
    let (project, workspace, organization) = places(&app).await;
    let user = app.user("ada@example.com").await;
    let token = full_token(&app, user).await;
    app.role(user, Place::Project(Uuid::parse_str(&project).unwrap()), "admin").await;
    let body = || Some(json!({ "userId": user, "roles": ["admin"] }));
    for place in [format!("workspaces/{workspace}"), format!("organizations/{organization}")] {
        let there = app.by_token("POST", &format!("{place}/members"), &token, body()).await;
        let unknown =
            app.by_token("POST", &format!("workspaces/{}/members", Uuid::new_v4()), &token, body()).await;
        assert_eq!((there.status, there.bytes), (unknown.status, unknown.bytes));
    }
    for (method, path) in [("GET", "users"), ("GET", "audit"), ("POST", "projects")] {
        app.by_token(method, path, &token, Some(json!({ "name": "New" }))).await.refused(403);
    }
    // whoever is admin of one organization is none of the installation
    let other = Uuid::new_v4();
    let made = app
        .console
        .db
        .write(move |tx| Box::pin(async move { store::organization::insert(tx, other, "Other", 1).await }));
    made.await.unwrap();
    app.get("users").await.refused(403);
    app.get(&format!("organizations/{other}/members")).await.refused(404);
    assert_eq!(column(&app.get("organizations").await.good(), "id"), [organization]);
}
