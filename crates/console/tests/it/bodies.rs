//! Bodies and queries that are not as they must be.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::app::App;

async fn raw(app: &App, kind: Option<&str>, body: impl Into<Body>) -> crate::app::Answer {
    let mut request: axum::http::request::Builder = app.request("POST", "projects");
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    app.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn json_must_be_json() {
    let app = App::new().await;
    let json = Some("application/json");
    for bad in
        ["", "{", "nonsense", "{\"name\":\"\\ud800\"}", "{\"name\":\"x\"} x", "\u{FEFF}{\"name\":\"x\"}"]
    {
        assert_eq!(raw(&app, json, bad).await.refused(400), "unreadable", "{bad:?}");
    }
    let deep = format!("{{\"name\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000));
    let answer = raw(&app, json, deep).await;
    assert!([400, 422].contains(&answer.status.as_u16()), "{}", answer.status);
    assert_eq!(raw(&app, json, vec![0xFF, 0xFE]).await.refused(400), "unreadable");
    raw(&app, Some("application/json; charset=utf-8"), "{\"name\":\"Charset\"}").await.good();
}

#[tokio::test]
async fn fields_are_named() {
    let app = App::new().await;
    for (body, field, code) in [
        (json!({}), "name", "missing-field"),
        (json!({ "name": "x", "colour": 1 }), "colour", "unknown-field"),
        (json!({ "name": 1 }), "name", "type"),
        (json!([]), "", "type"),
        (json!(["x", null]), "", "type"),
        (json!({ "name": "" }), "name", "length"),
        (json!({ "name": "x".repeat(101) }), "name", "length"),
        (json!({ "name": "a\u{202E}b" }), "name", "characters"),
        (json!({ "name": "a\u{0}b" }), "name", "characters"),
        (
            json!({ "name": "x", "workspaceId": "00000000-0000-4000-8000-000000000000" }),
            "workspaceId",
            "unknown",
        ),
    ] {
        let answer = app.post("projects", body.clone()).await;
        let problem = answer.json();
        assert_eq!(answer.refused(422), "invalid-fields", "{body}");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
        assert!(!problem["errors"][0]["message"].as_str().unwrap().is_empty());
    }
    let twice = raw(&app, Some("application/json"), "{\"name\":\"a\",\"name\":\"b\"}").await;
    assert_eq!(twice.json()["errors"][0]["code"], "duplicate-field");
    app.post("projects", json!({ "name": "Kaffee ☕ 咖啡" })).await.good();
}

#[tokio::test]
async fn type_and_size_are_limited() {
    let app = App::new().await;
    for kind in [None, Some("text/plain"), Some("application/xml"), Some("multipart/form-data")] {
        assert_eq!(raw(&app, kind, "{\"name\":\"x\"}").await.refused(415), "unsupported-media-type");
    }
    let encoded = app.request("POST", "projects").header("content-type", "application/json");
    let encoded = encoded.header("content-encoding", "gzip").body(Body::from("{}")).unwrap();
    app.send(encoded).await.refused(415);
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(10 << 20));
    assert_eq!(raw(&app, Some("application/json"), large.clone()).await.refused(413), "too-large");
    // without a length, so that only counting finds it
    let mut left = large.len();
    let chunks = std::iter::from_fn(move || {
        let size = left.min(1 << 16);
        left -= size;
        (size > 0).then(|| Ok::<_, std::io::Error>(vec![b'x'; size]))
    });
    let stream = Body::from_stream(futures_stream(chunks));
    assert_eq!(raw(&app, Some("application/json"), stream).await.refused(413), "too-large");
}

/// An iterator as a stream.
fn futures_stream<T>(
    items: impl Iterator<Item = T> + Send + 'static,
) -> impl futures::Stream<Item = T> + Send {
    futures::stream::iter(items)
}

#[tokio::test]
async fn queries_are_checked() {
    let app = App::new().await;
    for (query, status) in [
        ("limit=0", 422),
        ("limit=201", 422),
        ("limit=x", 422),
        ("limit=-1", 422),
        ("limit=1&limit=2", 422),
        ("colour=red", 422),
        ("cursor=%00", 422),
        ("cursor=////", 422),
        ("cursor=AAAA", 422),
    ] {
        let answer = app.get(&format!("projects?{query}")).await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {:?}", String::from_utf8_lossy(&answer.bytes));
        answer.code();
    }
    app.get("projects?limit=200").await.good();
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let app = App::new().await;
    let answer = app.send(app.request("HEAD", "me").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.bytes.len()), (200, 0));
    let closed = Request::builder().method("HEAD").uri("/api/v1/me").body(Body::empty()).unwrap();
    assert_eq!(app.send(closed).await.status.as_u16(), 401);
}
