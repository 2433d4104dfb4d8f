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
        let body = json!({ "email": "ADA@example.com", "role": "viewer" });
        let added = app.post(&members, body.clone()).await;
        let tag = added.etag();
        assert_eq!(added.status, 201);
        assert_eq!(app.post(&members, body).await.refused(409), "already-member");
        assert_eq!(column(&see().await.good(), "id"), std::slice::from_ref(&project));
        app.by_token("GET", &format!("projects/{project}"), &token, None).await.good();
        let me = app.by_token("GET", "me", &token, None).await.good();
        assert_eq!(me["roles"][0]["rights"], json!(["project:read", "runtime:read"]));
        let one = format!("{members}/{user}");
        let changed =
            app.json("PATCH", &one, Some(&tag), json!({ "role": "editor", "payload": true })).await.good();
        assert_eq!((changed["role"].as_str(), changed["payload"].as_bool()), (Some("editor"), Some(true)));
        let me = app.by_token("GET", "me", &token, None).await.good();
        assert!(me["roles"][0]["rights"].as_array().unwrap().contains(&json!("payload:read")));
        assert_eq!(app.delete(&one, Some(&tag)).await.refused(412), "stale");
        assert_eq!(app.delete(&one, Some("*")).await.status, 204);
        assert_eq!(app.delete(&one, Some("*")).await.refused(404), "not-found");
    }
    for body in [
        json!({ "role": "viewer" }),
        json!({ "email": "a@b", "userId": user, "role": "viewer" }),
        json!({ "email": "nobody@example.com", "role": "viewer" }),
        json!({ "email": "a\u{0}b", "role": "viewer" }),
        json!({ "userId": Uuid::new_v4(), "role": "viewer" }),
        json!({ "userId": user, "role": "owner" }),
    ] {
        app.post(&format!("projects/{project}/members"), body).await.refused(422);
    }
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
        app.post(&format!("{place}/members"), json!({ "userId": user, "role": "viewer" })).await.good();
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
    let less = json!({ "role": "operator" });
    assert_eq!(app.json("PATCH", &member(first), Some("*"), less).await.refused(409), "last-admin");
    let off = json!({ "disabled": true });
    let first_user = format!("users/{first}");
    assert_eq!(app.json("PATCH", &first_user, Some("*"), off.clone()).await.refused(409), "last-admin");
    // somebody who may not sign in is no administrator
    let second = app.user("second@example.com").await;
    let admin = json!({ "userId": second, "role": "admin" });
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
    let body = || Some(json!({ "userId": user, "role": "admin" }));
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
