//! Bar 29: an upgrade whose process is killed in the middle of a migration.

use std::process::{Command, Stdio};
use std::time::Duration;

use e2e::api::Api;
use e2e::postgres::Database;
use e2e::processes;
use e2e::random::{Random, seed};
use e2e::server::{Server, forebay};

use crate::support::{LONG, accepted, heavy, home, project, skip};

/// Each statement that changes a table takes this long, so that kills come in the middle.
const SLOWLY: &str =
    "CREATE FUNCTION slowly() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.01); END';
    CREATE EVENT TRIGGER slowly ON ddl_command_end EXECUTE FUNCTION slowly()";
const AT_ONCE: &str = "DROP EVENT TRIGGER slowly; DROP FUNCTION slowly()";

/// Everything that the migrations make, as text.
const SHAPE: &str = "SELECT string_agg(line, chr(10) ORDER BY line) FROM (
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
) AS lines";

/// Which versions are there.
fn versions(database: &Database) -> Vec<String> {
    let made = database.run("SELECT to_regclass('public._sqlx_migrations') IS NOT NULL").unwrap();
    if made != "t" {
        return Vec::new();
    }
    let versions =
        database.run("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version").unwrap();
    versions.lines().map(str::to_owned).collect()
}

fn migrate(database: &Database) -> Command {
    let (name, url) = database.store();
    let mut command = Command::new(forebay().unwrap());
    command.arg("migrate").env(name, url).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_migration_that_is_killed_is_finished_by_the_next_start() {
    let _alone = heavy();
    let (Some(database), Some(clean)) = (Database::new("killed").unwrap(), Database::new("clean").unwrap())
    else {
        return skip("migration_killed", "FOREBAY_TEST_POSTGRES is not set");
    };
    assert!(migrate(&clean).status().unwrap().success());
    let all = versions(&clean);
    database.run(SLOWLY).unwrap();
    let mut random = Random::new(seed("migration killed"));
    let mut seen = vec![Vec::new()];
    for most in [500, 1_000, 1_400, 1_400] {
        let mut child = migrate(&database).spawn().unwrap();
        // the length of the fault, not a wait; all of them take 1.2 s at least
        std::thread::sleep(Duration::from_millis(300 + random.below(most)));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = versions(&database);
        assert!(now.starts_with(seen.last().unwrap()), "{now:?} after {seen:?}: a version is gone");
        seen.push(now);
    }
    let counts: Vec<usize> = seen.iter().map(Vec::len).collect();
    eprintln!("migration killed: versions after each kill {counts:?} of {}", all.len());
    assert!(counts[1..].iter().any(|count| *count < all.len()), "no kill came in the middle: {counts:?}");
    database.run(AT_ONCE).unwrap();
    let (_home, options) = home();
    let (name, url) = database.store();
    let server = Server::start(&options.env(&name, &url)).unwrap();
    assert_eq!(versions(&database), all);
    assert_eq!(database.run(SHAPE).unwrap(), clean.run(SHAPE).unwrap());
    let api = Api::of(&server);
    let project = project(&api, "Upgraded");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let event = accepted(server.authority(), &webhook.target, b"{}");
    api.wait_past(&project.id, &event, LONG).unwrap();
}
