//! A console on a store in a folder of its own, and a client that speaks to its router.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use console::{BoxFuture, Console, FirstStart, HookError, Hooks, PendingEvent};
use serde_json::{Value, json};
use store::{Db, Options, PgOptions};
use tower::ServiceExt as _;
use webhook::MasterKey;

pub(crate) const TOKEN: &str = "a-token-of-the-tests-0123456789";

/// Counts what the API asks of the process.
#[derive(Default)]
pub(crate) struct Counting {
    pub(crate) changed: AtomicUsize,
    pub(crate) queued: AtomicUsize,
    pub(crate) pending: std::sync::Mutex<Option<(String, PendingEvent)>>,
    pub(crate) refuse: std::sync::atomic::AtomicBool,
}

impl Hooks for Counting {
    fn registry_changed(&self) -> BoxFuture<'_, Result<(), HookError>> {
        self.changed.fetch_add(1, Ordering::SeqCst);
        let refused = self.refuse.load(Ordering::SeqCst);
        Box::pin(
            async move { if refused { Err(HookError("a gateway is silent".to_owned())) } else { Ok(()) } },
        )
    }

    fn own_server(&self) -> Option<store::server::Server> {
        None
    }

    fn command_queued(&self) {
        self.queued.fetch_add(1, Ordering::SeqCst);
    }

    fn pending_events<'a>(&'a self, of: &'a console::PendingOf) -> BoxFuture<'a, Vec<(String, i64)>> {
        let found = self.pending.lock().unwrap().clone();
        let own = found.filter(|(_, event)| (event.scope, event.data_source) == (of.scope, of.data_source));
        Box::pin(async move { own.into_iter().map(|(id, event)| (id, event.time)).collect() })
    }

    fn find_event<'a>(&'a self, id: &'a str, _near_ms: i64) -> BoxFuture<'a, Option<PendingEvent>> {
        let found = self.pending.lock().unwrap().clone();
        Box::pin(async move { found.filter(|(known, _)| known == id).map(|(_, event)| event) })
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn etag(&self) -> String {
        self.headers.get("etag").expect("no ETag").to_str().unwrap().to_owned()
    }

    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        body["code"].as_str().unwrap().to_owned()
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn good(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.bytes));
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    /// The code of a refusal with this status.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> String {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        assert_eq!(self.status.as_u16(), status, "{text}");
        self.code()
    }
}

/// The console under test.
pub(crate) struct App {
    pub(crate) router: axum::Router,
    pub(crate) console: Arc<Console>,
    pub(crate) hooks: Arc<Counting>,
    pub(crate) token: String,
    folder: tempfile::TempDir,
}

impl App {
    /// Without the sample.
    pub(crate) async fn new() -> App {
        App::start(false).await
    }

    pub(crate) async fn start(sample: bool) -> App {
        App::behind(&[], sample).await
    }

    /// Behind proxies in these networks.
    pub(crate) async fn behind(networks: &[&str], sample: bool) -> App {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path()).await;
        let master_key = MasterKey::new([7; 32]);
        let start =
            FirstStart { admin_token: Some(TOKEN.to_owned()), sample, master_key: master_key.clone() };
        console::first_start(&db, &start).await.unwrap();
        let hooks = Arc::new(Counting::default());
        let public_url = "https://hooks.example.com".to_owned();
        let console = Arc::new(Console {
            db,
            master_key,
            public_url,
            trusted_proxies: proxies(networks),
            hooks: hooks.clone(),
            live: console::Live::default(),
        });
        let router = console::router(console.clone());
        App { router, console, hooks, token: TOKEN.to_owned(), folder }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let asked = (request.method().clone(), request.uri().path().to_owned());
        let known = request.headers().get("if-match").cloned();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // a stream has no end
        let endless = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless { Vec::new() } else { to_bytes(body, usize::MAX).await.unwrap().to_vec() };
        assert!(parts.headers.contains_key("x-request-id"), "no x-request-id");
        let answer = Answer { status: parts.status, headers: parts.headers, bytes };
        crate::audited::check(self, asked, known, &answer).await;
        answer
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api/v1/{path}"))
            .header("authorization", format!("Bearer {}", self.token))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, None, body).await
    }

    /// POST without a body.
    pub(crate) async fn act(&self, path: &str) -> Answer {
        self.send(self.request("POST", path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn json(&self, method: &str, path: &str, tag: Option<&str>, body: Value) -> Answer {
        let mut request = self.request(method, path).header("content-type", "application/json");
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str, tag: Option<&str>) -> Answer {
        let mut request = self.request("DELETE", path);
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn put_xml(&self, path: &str, tag: Option<&str>, xml: impl Into<Body>) -> Answer {
        let mut request = self.request("PUT", path).header("content-type", "application/xml");
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        self.send(request.body(xml.into()).unwrap()).await
    }

    pub(crate) async fn project(&self, name: &str) -> Project<'_> {
        let made = self.post("projects", json!({ "name": name })).await.good();
        Project { app: self, id: text(&made, "id") }
    }
}

/// These networks, which are good ones.
pub(crate) fn proxies(networks: &[&str]) -> console::TrustedProxies {
    let texts: Vec<String> = networks.iter().map(|text| (*text).to_owned()).collect();
    console::TrustedProxies::parse(&texts).unwrap()
}

/// A new database: SQLite in a file of its own, or one on the PostgreSQL server that
/// `FOREBAY_TEST_POSTGRES` names (`postgres://user@host/database`).
async fn database(folder: &Path) -> Db {
    let Ok(server) = std::env::var("FOREBAY_TEST_POSTGRES") else {
        // a test does not outlive a power cut: it does not wait for the disk
        let options = Options { readers: 2, durable: false };
        return Db::sqlite(&folder.join("store.db"), options).await.unwrap();
    };
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    admin.close().await;
    let (host, _) = server.rsplit_once('/').expect("FOREBAY_TEST_POSTGRES has no database");
    Db::postgres(&PgOptions { connections: 4, ..PgOptions::new(&format!("{host}/{name}")) }).await.unwrap()
}

/// A string field.
#[track_caller]
pub(crate) fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}

/// The ids of a list.
pub(crate) fn column(list: &Value, field: &str) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| text(item, field)).collect()
}

/// A project under test.
pub(crate) struct Project<'a> {
    pub(crate) app: &'a App,
    pub(crate) id: String,
}

impl Project<'_> {
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("projects/{}/{rest}", self.id)
    }

    pub(crate) fn on_main(&self, rest: &str) -> String {
        self.path(&format!("branches/main/{rest}"))
    }

    pub(crate) async fn data_source(&self, name: &str) -> String {
        let made = self.app.post(&self.on_main("data-sources"), json!({ "name": name })).await.good();
        text(&made, "resourceDefinitionId")
    }

    pub(crate) async fn process(&self, name: &str, bpmn: &str) -> String {
        let body = json!({ "name": name, "bpmn": bpmn });
        let made = self.app.post(&self.on_main("process-definitions"), body).await.good();
        text(&made, "resourceDefinitionId")
    }

    pub(crate) async fn save(&self, process: &str, bpmn: &str) -> Answer {
        let path = self.on_main(&format!("process-definitions/{process}/bpmn"));
        let tag = self.app.get(&path).await.etag();
        self.app.put_xml(&path, Some(&tag), bpmn.to_owned()).await
    }

    pub(crate) async fn commit(&self, message: &str) -> Answer {
        self.app.post(&self.on_main("commits"), json!({ "message": message })).await
    }

    pub(crate) async fn trigger_of(&self, data_source: &str) -> Value {
        let list = self.app.get(&self.path("triggers?limit=200")).await.good();
        let items = list["items"].as_array().unwrap();
        let found = items.iter().find(|item| item["dataSourceId"] == data_source);
        found.unwrap_or_else(|| panic!("no trigger of {data_source} in {list}")).clone()
    }

    /// A data source, a process on it, committed and active: ids of data source, process, trigger.
    pub(crate) async fn webhook(&self, name: &str) -> (String, String, String) {
        let data_source = self.data_source(name).await;
        let process = self.process(&format!("{name}-process"), &on_webhook(&data_source)).await;
        self.commit(&format!("Connect {name}")).await.good();
        let trigger = text(&self.trigger_of(&data_source).await, "id");
        self.app.act(&self.path(&format!("triggers/{trigger}/activate"))).await.good();
        (data_source, process, trigger)
    }
}

/// A process that a webhook starts: message start → end.
pub(crate) fn on_webhook(data_source: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:f="http://forebay.dev/schema/bpmn/1.0" targetNamespace="t" id="D">
  <b:process id="P" name="Straight" isExecutable="true">
    <b:startEvent id="Start" name="Came">
      <b:extensionElements><f:processTrigger triggerType="incomingWebhook" dataSource="{data_source}"/></b:extensionElements>
      <b:messageEventDefinition id="M"/>
    </b:startEvent>
    <b:sequenceFlow id="F" sourceRef="Start" targetRef="End"/>
    <b:endEvent id="End"/>
  </b:process>
</b:definitions>
"#
    )
}

/// Looks into the store beside the API.
impl App {
    /// The rows of a query with one text column.
    async fn look(&self, sql: String) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql);
        match &self.console.db {
            Db::Pg(pg) => sqlx::query_scalar(sql).fetch_all(&pg.pool).await.unwrap(),
            Db::Lite(_) => {
                let file = self.folder.path().join("store.db");
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap()
            }
        }
    }

    /// The rows of a query of one text column.
    pub(crate) async fn column_of(&self, sql: &str) -> Vec<String> {
        self.look(sql.to_owned()).await
    }

    /// Changes rows behind the API's back.
    pub(crate) async fn change(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match &self.console.db {
            Db::Pg(pg) => {
                sqlx::query(sql).execute(&pg.pool).await.unwrap();
            }
            Db::Lite(_) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(self.folder.path().join("store.db"))
                    .busy_timeout(std::time::Duration::from_secs(10));
                let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
                sqlx::query(sql).execute(&pool).await.unwrap();
            }
        }
    }

    /// Every byte of the database's files; on PostgreSQL the rows of people.
    pub(crate) async fn everything(&self) -> Vec<u8> {
        if let Db::Pg(_) = &self.console.db {
            let rows = "SELECT s::text FROM user_session s UNION ALL SELECT u::text FROM app_user u \
                        UNION ALL SELECT l::text FROM sign_in_link l UNION ALL SELECT a::text FROM audit_entry a";
            return self.look(rows.to_owned()).await.join("\n").into_bytes();
        }
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> usize {
        self.look(format!("SELECT 'row' FROM {table}")).await.len()
    }

    /// The actions in the audit of a project, in their order.
    pub(crate) async fn audit(&self, project: &str) -> Vec<String> {
        let sql = format!("SELECT action FROM audit_entry WHERE project_id = '{project}' ORDER BY id");
        self.look(sql).await
    }

    /// The details in the audit of a project, in their order.
    pub(crate) async fn audit_details(&self, project: &str) -> Vec<String> {
        let sql = format!("SELECT detail FROM audit_entry WHERE project_id = '{project}' ORDER BY id");
        self.look(sql).await
    }

    /// The tables that still hold something of an erased project, but for the audit.
    pub(crate) async fn rows_of(&self, project: &str) -> Vec<String> {
        let names = match &self.console.db {
            Db::Pg(_) => {
                "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'project_id'"
            }
            Db::Lite(_) => {
                "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND c.name = 'project_id'"
            }
        };
        let tables = self.look(names.to_owned()).await;
        assert!(tables.len() > 10, "{tables:?}");
        let mut left = Vec::new();
        for table in tables.into_iter().filter(|table| table != "audit_entry") {
            let sql = format!("SELECT project_id FROM {table} WHERE project_id = '{project}'");
            left.extend(self.look(sql).await.first().map(|_| table));
        }
        for (table, of) in [
            ("trigger_key", "trigger_id NOT IN (SELECT id FROM webhook_trigger)"),
            ("instance_history", "instance_id NOT IN (SELECT id FROM process_instance)"),
            ("commit_link", "commit_id NOT IN (SELECT id FROM project_commit)"),
            ("commit_resource", "commit_id NOT IN (SELECT id FROM project_commit)"),
            ("branch_resource", "branch_id NOT IN (SELECT id FROM branch)"),
        ] {
            let orphans = self.look(format!("SELECT 'row' FROM {table} WHERE {of}")).await;
            left.extend(orphans.first().map(|_| table.to_owned()));
        }
        left
    }
}
