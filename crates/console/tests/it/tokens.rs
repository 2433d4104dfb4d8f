//! Tokens that people make: shown once, never more than their user.

use serde_json::json;
use store::role::Place;
use uuid::Uuid;

use crate::app::{App, column, text};

#[tokio::test]
async fn a_token_is_shown_once_and_revoked() {
    let app = App::new().await;
    let (_, cookie) = app.person("ada@example.com").await;
    let wish = json!({ "name": "laptop", "scopes": ["runtime:read", "project:read", "project:read"], "expiresAt": "2999-01-01T00:00:00.000Z" });
    let made = app.by_cookie("POST", "tokens", &cookie, Some(wish)).await.good();
    let (secret, id) = (text(&made, "secret"), text(&made["token"], "id"));
    assert_eq!(made["token"]["scopes"], json!(["project:read", "runtime:read"]));
    let list = app.by_cookie("GET", "tokens", &cookie, None).await;
    assert!(!String::from_utf8_lossy(&list.bytes).contains(&secret));
    assert!(list.good()["items"][0]["lastUsedAt"].is_null());
    let me = app.by_token("GET", "me", &secret, None).await.good();
    assert_eq!(
        (me["token"].as_str(), me["scopes"].clone()),
        (Some("laptop"), json!(["project:read", "runtime:read"]))
    );
    // without the scope it cannot touch the account
    for (method, path) in [("GET", "tokens"), ("GET", "sessions"), ("POST", "tokens"), ("DELETE", "session")]
    {
        let status = app.by_token(method, path, &secret, Some(json!({}))).await.status.as_u16();
        assert!(matches!(status, 403 | 409), "{method} {path}: {status}");
    }
    let path = format!("tokens/{id}");
    app.delete(&path, None).await.refused(404);
    assert_eq!(app.by_cookie("DELETE", &path, &cookie, None).await.status, 204);
    app.by_token("GET", "me", &secret, None).await.refused(401);
    let list = app.by_cookie("GET", "tokens", &cookie, None).await.good();
    assert!(list["items"][0]["revokedAt"].is_string());
}

#[tokio::test]
async fn a_wish_is_checked() {
    let app = App::new().await;
    let foreign = Uuid::new_v4();
    for (wish, field) in [
        (json!({ "name": "", "scopes": ["admin"] }), "name"),
        (json!({ "name": "a", "scopes": [] }), "scopes"),
        (json!({ "name": "a", "scopes": ["everything"] }), "scopes"),
        (json!({ "name": "a", "scopes": ["signed-in"] }), "scopes"),
        (json!({ "name": "a", "scopes": ["admin"], "expiresAt": "2001-01-01T00:00:00Z" }), "expiresAt"),
        (json!({ "name": "a", "scopes": ["admin"], "expiresAt": "tomorrow" }), "expiresAt"),
        (json!({ "name": "a", "scopes": ["admin"], "projectId": foreign }), "projectId"),
    ] {
        let answer = app.post("tokens", wish.clone()).await;
        assert_eq!(answer.json()["errors"][0]["field"], field, "{wish}");
    }
}

#[tokio::test]
async fn a_token_never_does_more_than_its_user_and_its_maker() {
    let app = App::new().await;
    let project = app.project("Own").await.id;
    let (user, cookie) = app.person("ada@example.com").await;
    let place = Place::Project(Uuid::parse_str(&project).unwrap());
    app.role(user, place, "editor").await;
    let make = |by: String, wish: serde_json::Value| {
        let app = &app;
        async move { app.by_token("POST", "tokens", &by, Some(wish)).await }
    };
    let wish = json!({ "name": "all", "scopes": ["admin"] });
    let all = text(&app.by_cookie("POST", "tokens", &cookie, Some(wish)).await.good(), "secret");
    let branches = format!("projects/{project}/branches");
    app.by_token("GET", &branches, &all, None).await.good();
    app.by_token("GET", &format!("projects/{project}/members"), &all, None).await.refused(403);
    // what a token makes is no more than itself
    let wish = json!({ "name": "some", "scopes": ["account:manage", "project:read"], "expiresAt": "2999-01-01T00:00:00.000Z" });
    let some = text(&make(all.clone(), wish).await.good(), "secret");
    for wish in [
        json!({ "name": "more", "scopes": ["admin"], "expiresAt": "2998-01-01T00:00:00.000Z" }),
        json!({ "name": "more", "scopes": ["resource:write"], "expiresAt": "2998-01-01T00:00:00.000Z" }),
        json!({ "name": "longer", "scopes": ["project:read"] }),
        json!({ "name": "longer", "scopes": ["project:read"], "expiresAt": "2999-06-01T00:00:00.000Z" }),
    ] {
        assert_eq!(make(some.clone(), wish).await.refused(422), "invalid-fields");
    }
    let one = json!({ "name": "one project", "scopes": ["admin"], "projectId": project });
    let one = text(&make(all.clone(), one).await.good(), "secret");
    make(one.clone(), json!({ "name": "out", "scopes": ["admin"] })).await.refused(403);
    app.by_token("GET", &branches, &one, None).await.good();
    // the project's administrators see it and can take it away
    let listed = app.get(&format!("projects/{project}/tokens")).await.good();
    assert_eq!(column(&listed, "name"), ["one project"]);
    let path = format!("projects/{project}/tokens/{}", column(&listed, "id")[0]);
    let elsewhere = app.project("Other").await.id;
    app.delete(&path.replace(&project, &elsewhere), None).await.refused(404);
    assert_eq!(app.delete(&path, None).await.status, 204);
    app.by_token("GET", &branches, &one, None).await.refused(401);
    // the user's role is taken away, then the user
    app.delete(&format!("projects/{project}/members/{user}"), Some("*")).await;
    app.by_token("GET", &branches, &all, None).await.refused(404);
    app.by_token("GET", "me", &all, None).await.good();
    app.json("PATCH", &format!("users/{user}"), Some("*"), json!({ "disabled": true })).await.good();
    app.by_token("GET", "me", &all, None).await.refused(401);
}
