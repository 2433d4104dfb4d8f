//! A database with two projects, for the tests of the configuration side.

use futures::future::BoxFuture;
use store::resource::{Content, Kind, Place};
use store::user::Stamp;
use store::{Db, Options, PgOptions, Result, Scope, StoreError, Tx};
use uuid::Uuid;

pub(crate) const AT: i64 = 1_790_000_000_000;
pub(crate) const STAMP: Stamp = Stamp { user: None, at: AT };

/// A project with its branch `main`.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) scope: Scope,
    pub(crate) branch: String,
}

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) one: Project,
    pub(crate) other: Project,
    _folder: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path()).await;
        let (one, other) = db
            .write(|tx| {
                Box::pin(async move {
                    let (organization, workspace) = (Uuid::new_v4(), Uuid::new_v4());
                    store::organization::insert(tx, organization, "O", AT).await?;
                    store::organization::insert_workspace(tx, organization, workspace, "W", AT).await?;
                    let one = project(tx, organization, workspace, "one").await?;
                    let other = project(tx, organization, workspace, "other").await?;
                    Ok::<_, StoreError>((one, other))
                })
            })
            .await
            .unwrap();
        World { db, one, other, _folder: folder }
    }

    /// Runs in a writing transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    ) -> Result<T> {
        self.db.write(work).await
    }
}

/// SQLite in a file, or a database on the server that `FOREBAY_TEST_POSTGRES` names.
async fn database(folder: &std::path::Path) -> Db {
    let Ok(server) = std::env::var("FOREBAY_TEST_POSTGRES") else {
        let options = Options { readers: 2, durable: false };
        return Db::sqlite(&folder.join("store.db"), options).await.unwrap();
    };
    let name = format!("test_{}", Uuid::new_v4().simple());
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    let (host, _) = server.rsplit_once('/').expect("FOREBAY_TEST_POSTGRES has no database");
    Db::postgres(&PgOptions { connections: 4, ..PgOptions::new(&format!("{host}/{name}")) }).await.unwrap()
}

async fn project(tx: &mut Tx, organization: Uuid, workspace: Uuid, name: &str) -> Result<Project> {
    let scope = Scope { organization, workspace, project: Uuid::new_v4() };
    store::project::insert(tx, &scope, name, name, AT).await?;
    let id = Uuid::new_v4();
    store::branch::insert(tx, &scope, (id, "main"), None, &STAMP).await?;
    let branch = id.to_string();
    store::policy::insert(tx, &scope, &branch, &STAMP).await?;
    Ok(Project { scope, branch })
}

pub(crate) fn content(name: &str, bpmn: Option<&str>) -> Content {
    Content {
        name: name.to_owned(),
        name_folded: name.to_lowercase(),
        settings: "{}".to_owned(),
        bpmn: bpmn.map(|text| text.as_bytes().to_vec()),
    }
}

pub(crate) fn place(project: &Project, kind: Kind, id: Uuid) -> Place<'_> {
    Place { branch: &project.branch, kind, id, expected: None }
}
