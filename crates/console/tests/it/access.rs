//! Who gets in: every operation of the document, with every kind of wrong credentials.

use axum::body::Body;
use axum::http::Request;
use uuid::Uuid;

use crate::app::{Answer, App};
use crate::document::operations;
use crate::people::TokenOf;

const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// A token of the first user.
async fn token(
    app: &App,
    secret: &str,
    scopes: &'static str,
    project: Option<Uuid>,
    expires_at: Option<i64>,
) -> Uuid {
    let user = app.administrator().await;
    app.token(secret, TokenOf { user, scopes, project, expires_at }).await
}

async fn call(app: &App, method: &str, path: &str, authorization: Option<&str>) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("if-match", "*");
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

fn filled(path: &str, project: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{projectId}" => project,
        "{branch}" => "main",
        part if part.starts_with('{') => UNKNOWN,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_operation_refuses_wrong_credentials() {
    let app = App::new().await;
    let project = app.project("Closed").await.id;
    token(&app, "an-expired-token", "admin", None, Some(2)).await;
    let revoked = token(&app, "a-revoked-token", "admin", None, None).await;
    app.console
        .db
        .write(move |tx| Box::pin(async move { store::token::revoke(tx, revoked, 3).await }))
        .await
        .unwrap();
    let mut asked = 0;
    for (method, path, operation) in operations(&console::document()) {
        if operation["x-forebay-right"] == "public" {
            continue;
        }
        let path = filled(&path, &project);
        for wrong in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer "),
            Some("Bearer unknown-token-unknown-token"),
            Some("Bearer an-expired-token"),
            Some("Bearer a-revoked-token"),
            Some("Basic YWRtaW46YWRtaW4="),
            Some(crate::app::TOKEN),
        ] {
            let answer = call(&app, &method, &path, wrong).await;
            assert_eq!(answer.status.as_u16(), 401, "{method} {path} with {wrong:?}");
            assert!(answer.headers.contains_key("www-authenticate"));
            assert_eq!(answer.code(), "unauthenticated");
            asked += 1;
        }
        let twice = Request::builder()
            .method(method.as_str())
            .uri(&path)
            .header("authorization", format!("Bearer {}", app.token))
            .header("authorization", format!("Bearer {}", app.token));
        assert_eq!(app.send(twice.body(Body::empty()).unwrap()).await.status.as_u16(), 401);
    }
    assert!(asked > 300, "only {asked} calls");
}

#[tokio::test]
async fn unknown_and_foreign_ids_answer_the_same_bytes() {
    let app = App::new().await;
    let own = app.project("Own").await.id;
    let foreign = app.project("Foreign").await;
    let (data_source, process, trigger) = foreign.webhook("theirs").await;
    token(&app, "a-token-of-one-project", "admin", Some(Uuid::parse_str(&own).unwrap()), None).await;
    let bearer = Some("Bearer a-token-of-one-project");
    let unknown = call(&app, "GET", &format!("/api/v1/projects/{UNKNOWN}"), bearer).await;
    assert_eq!(unknown.status.as_u16(), 404);
    let mut compared = 0;
    for (method, path, _) in operations(&console::document()) {
        if !path.contains("{projectId}") {
            continue;
        }
        let answer = call(&app, &method, &filled(&path, &foreign.id), bearer).await;
        assert_eq!((answer.status, &answer.bytes), (unknown.status, &unknown.bytes), "{method} {path}");
        compared += 1;
    }
    assert!(compared > 35, "only {compared} operations");
    // ids of another project, asked for in one's own
    for path in [
        format!("branches/main/data-sources/{data_source}"),
        format!("branches/main/process-definitions/{process}"),
        format!("branches/main/process-definitions/{process}/bpmn"),
        format!("triggers/{trigger}"),
        "triggers/not-an-id".to_owned(),
        format!("triggers/{}", trigger.to_uppercase()),
        "branches/no%00branch/commits".to_owned(),
        "branches/none/data-sources".to_owned(),
        format!("failed-triggers/{UNKNOWN}"),
        format!("process-instances/{UNKNOWN}"),
        format!("events/{UNKNOWN}"),
        "events/%00".to_owned(),
        format!("commands/{UNKNOWN}"),
        format!("commits/{UNKNOWN}"),
        "no-such-thing".to_owned(),
    ] {
        let answer = call(&app, "GET", &format!("/api/v1/projects/{own}/{path}"), bearer).await;
        assert_eq!((answer.status, &answer.bytes), (unknown.status, &unknown.bytes), "{path}");
    }
    let listed = call(&app, "GET", "/api/v1/projects", bearer).await.good();
    assert_eq!(crate::app::column(&listed, "id"), [own]);
}

#[tokio::test]
async fn answers_carry_their_headers() {
    let app = App::new().await;
    let answer = app.get("me").await;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(answer.headers[name], value);
    }
    let me = answer.good();
    assert_eq!(
        (me["name"].as_str(), me["token"].as_str()),
        (Some("Administrator"), Some("FOREBAY_ADMIN_TOKEN"))
    );

    let home = app.send(Request::builder().uri("/").body(Body::empty()).unwrap()).await;
    let page = String::from_utf8(home.bytes).unwrap();
    assert!(page.contains("/api/v1/openapi.json") && !page.contains("<script"));
    assert!(home.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));

    let wrong = app.send(app.request("PUT", "me").body(Body::empty()).unwrap()).await;
    assert!(wrong.headers["allow"].to_str().unwrap().contains("GET"));
    assert_eq!(wrong.refused(405), "method-not-allowed");
    assert_eq!(app.get("nowhere").await.refused(404), "not-found");
}

#[tokio::test]
async fn organizations_and_workspaces_are_listed() {
    let app = App::new().await;
    let organizations = app.get("organizations").await.good();
    let workspaces = app.get("workspaces?limit=1").await.good();
    assert_eq!(organizations["items"][0]["id"], workspaces["items"][0]["organizationId"]);
    assert!(workspaces["nextCursor"].is_null());
}
