//! Server-sent events: what changes is told, once, and nothing is lost over a break.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::StatusCode;
use futures::StreamExt as _;
use serde_json::{Value, json};
use store::StoreError;
use store::feed::{self, Kind};
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::app::{App, Project, text};
use crate::instances::started;
use crate::people::TokenOf;

/// What must come comes within this time: two looks of a watcher.
const SOON: Duration = Duration::from_secs(2);

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) event: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

pub(crate) struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    pub(crate) async fn open(app: &App, path: &str, last: Option<&str>) -> Stream {
        let mut request = app.request("GET", path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        Stream::answered(app, request).await
    }

    /// The stream of this request.
    async fn answered(app: &App, request: axum::http::request::Builder) -> Stream {
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Stream { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next message; `None` at the end of the stream.
    async fn take(&mut self) -> Option<Message> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    line.unwrap_or_default().to_owned()
                };
                let read = Message {
                    event: field("event"),
                    id: field("id"),
                    data: serde_json::from_str(&field("data")).unwrap_or_default(),
                };
                self.text = rest.to_owned();
                return Some(read);
            }
            let piece = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    pub(crate) async fn next(&mut self) -> Message {
        timeout(SOON, self.take()).await.expect("no message came").expect("the stream ended")
    }

    async fn silent(&mut self) {
        let came = timeout(Duration::from_millis(1_200), self.take()).await;
        assert!(came.is_err(), "{came:?}");
    }

    /// Reads to the end, which comes within this time; the reason that was told.
    async fn end(&mut self, within: Duration) -> String {
        timeout(within, async {
            let mut reason = String::new();
            while let Some(message) = self.take().await {
                if message.event == "end" {
                    reason = text(&message.data, "reason");
                }
            }
            reason
        })
        .await
        .expect("the stream did not end")
    }
}

async fn listen(project: &Project<'_>, query: &str) -> Stream {
    Stream::open(project.app, &project.path(&format!("stream{query}")), None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_told_to_all_who_listen() {
    let app = App::new().await;
    let project = app.project("Told").await;
    let (mut one, mut other) = (listen(&project, "").await, listen(&project, "?kinds=drafts").await);
    let ready = one.next().await;
    assert_eq!((ready.event.as_str(), &ready.data["resumed"]), ("ready", &json!(false)));
    assert_eq!(ready.data["kinds"].as_array().unwrap().len(), 7);
    assert_eq!(other.next().await.data["kinds"], json!(["drafts"]));
    let made = project.data_source("orders").await;
    for stream in [&mut one, &mut other] {
        let message = stream.next().await;
        assert_eq!(message.event, "drafts");
        assert_eq!(message.data["changed"], json!([made]));
        assert_eq!(message.data["complete"], true);
    }
    // by another process: nobody wakes the watcher
    let scope = store::Scope {
        organization: uuid::Uuid::nil(),
        workspace: uuid::Uuid::nil(),
        project: uuid::Uuid::parse_str(&project.id).unwrap(),
    };
    app.console
        .db
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                feed::note(tx, &scope, Kind::Triggers, "t", 5);
                Ok(())
            })
        })
        .await
        .unwrap();
    let message = one.next().await;
    assert_eq!((message.event.as_str(), &message.data["changed"]), ("triggers", &json!(["t"])));
    other.silent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_is_told_what_happened_meanwhile() {
    let app = App::new().await;
    let project = app.project("Back").await;
    let (data_source, process, _) = project.webhook("orders").await;
    let mut first = listen(&project, "?kinds=instances,commits,drafts").await;
    let at = first.next().await.id;
    drop(first);
    let instance = started(&app, &project, (&data_source, &process), "e1").await;
    project.data_source("later").await;
    let path = project.path("stream?kinds=instances,commits,drafts");
    let mut back = Stream::open(&app, &path, Some(&at)).await;
    assert_eq!(back.next().await.data["resumed"], true);
    let told = back.next().await;
    assert_eq!((told.event.as_str(), &told.data["added"]), ("instances", &json!(1)));
    assert_eq!(told.data["newest"], json!([instance]));
    // the id after the first message does not swallow the second
    let mut again = Stream::open(&app, &path, Some(&told.id)).await;
    again.next().await;
    assert_eq!(again.next().await.event, "drafts");
    assert_eq!(back.next().await.event, "drafts");
    back.silent().await;
    // the control: who does not say where it was is told nothing of it
    let mut fresh = Stream::open(&app, &path, None).await;
    fresh.next().await;
    fresh.silent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_of_another_day_or_of_nobody_is_harmless() {
    let app = App::new().await;
    let project = app.project("Ids").await;
    project.data_source("orders").await;
    let path = project.path("stream?kinds=drafts,policy");
    for nonsense in ["", "x", "1.drafts", "1.drafts:1", "1.drafts:-1:0", "1.drafts:1:1:1", "2.drafts:1:0"] {
        let mut stream = Stream::open(&app, &path, Some(nonsense)).await;
        assert_eq!(stream.next().await.data["resumed"], false, "{nonsense}");
    }
    // told more than there is: the store was put back; and a kind of which nothing was told
    let mut stream = Stream::open(&app, &path, Some("1.drafts:900:0")).await;
    assert_eq!(stream.next().await.data["resumed"], true);
    for kind in ["drafts", "policy"] {
        let message = stream.next().await;
        assert_eq!((message.event.as_str(), &message.data["complete"]), (kind, &json!(false)));
    }
    stream.silent().await;
    for query in ["?kinds=", "?kinds=drafts,x", "?kinds=payloads", "?other=1"] {
        let answer = app.get(&project.path(&format!("stream{query}"))).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{query}: {}", answer.status);
    }
    let foreign = app.get("projects/00000000-0000-4000-8000-000000000000/stream").await;
    assert_eq!(foreign.refused(404), "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_with_the_credentials() {
    let app = App::new().await;
    let project = app.project("Ends").await;
    let mut stream = listen(&project, "").await;
    stream.next().await;
    let digest = <sha2::Sha256 as sha2::Digest>::digest(crate::app::TOKEN.as_bytes()).into();
    let revoked = app.console.db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            let token = store::token::by_digest(tx, digest).await?.unwrap();
            store::token::revoke(tx, uuid::Uuid::parse_str(&token.id).unwrap(), 5).await
        })
    });
    revoked.await.unwrap();
    assert_eq!(stream.end(Duration::from_secs(4)).await, "access");
    assert_eq!(app.get(&project.path("stream")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_with_the_last_role_and_no_sooner() {
    let app = App::new().await;
    let project = app.project("Roles").await;
    let members = project.path("members");
    let mut streams = Vec::new();
    for email in ["ada@example.com", "grace@example.com"] {
        let user = app.user(email).await;
        let secret = format!("token-of-{email}");
        app.token(&secret, TokenOf { user, scopes: "admin", project: None, expires_at: None }).await;
        app.post(&members, json!({ "userId": user, "roles": ["viewer", "editor"] })).await.good();
        let request = axum::http::Request::get(format!("/api/v1/{}", project.path("stream?kinds=drafts")));
        let request = request.header("authorization", format!("Bearer {secret}"));
        let mut stream = Stream::answered(&app, request).await;
        assert_eq!(stream.next().await.event, "ready");
        streams.push((user, secret, stream));
    }
    let [(ada, secret, mut hers), (_, _, mut other)] = <[_; 2]>::try_from(streams).ok().unwrap();
    // one of two roles is gone: she still sees the project
    app.delete(&format!("{members}/{ada}/roles/viewer"), Some("*")).await.good();
    // longer than until she is asked again
    assert!(timeout(Duration::from_millis(2_500), hers.take()).await.is_err());
    project.data_source("before").await;
    assert_eq!((hers.next().await.event, other.next().await.event), ("drafts".into(), "drafts".into()));
    app.delete(&format!("{members}/{ada}/roles/editor"), Some("*")).await.good();
    assert_eq!(hers.end(Duration::from_secs(4)).await, "access");
    let again = app.by_token("GET", &project.path("stream"), &secret, None).await;
    assert_eq!(again.refused(404), "not-found");
    // the control: whoever keeps their roles is told on
    project.data_source("after").await;
    assert_eq!(other.next().await.event, "drafts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_stream_ends_when_the_process_stops() {
    let app = App::new().await;
    let project = app.project("Stops").await;
    let (mut one, mut other) = (listen(&project, "").await, listen(&project, "").await);
    one.next().await;
    other.next().await;
    app.console.live.end_streams();
    for stream in [&mut one, &mut other] {
        assert_eq!(stream.end(Duration::from_millis(500)).await, "stopping");
    }
    // one that comes now ends at once
    assert_eq!(listen(&project, "").await.end(Duration::from_millis(500)).await, "stopping");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_has_so_many_streams_and_a_closed_one_is_free_again() {
    let app = App::new().await;
    let project = app.project("Many").await;
    let mut streams = Vec::new();
    for _ in 0..16 {
        streams.push(listen(&project, "").await);
    }
    let refused = app.get(&project.path("stream")).await;
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(refused.refused(429), "too-many-streams");
    streams.pop();
    let freed = timeout(SOON, async {
        while app
            .router
            .clone()
            .oneshot(app.request("GET", &project.path("stream")).body(Body::empty()).unwrap())
            .await
            .unwrap()
            .status()
            != StatusCode::OK
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    freed.await.expect("the place stayed taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_late_is_told_once() {
    let app = App::new().await;
    let project = app.project("Late").await;
    let mut stream = listen(&project, "?kinds=drafts").await;
    stream.next().await;
    for n in 0..40 {
        project.data_source(&format!("source{n}")).await;
    }
    let mut changed = Vec::new();
    let mut messages = 0;
    while changed.len() < 40 {
        let message = stream.next().await;
        assert_eq!(message.data["complete"], true);
        changed.extend(message.data["changed"].as_array().unwrap().clone());
        messages += 1;
    }
    assert_eq!(changed.len(), 40);
    assert!(messages <= 6, "{messages} messages");
}
