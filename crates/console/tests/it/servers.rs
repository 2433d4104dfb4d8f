//! The running servers, as the API tells of them.

use serde_json::json;
use store::StoreError;
use store::server::Server;

use crate::app::App;

fn server(id: &str, roles: &str, seen_at: i64, revision: i64) -> Server {
    Server {
        id: id.to_owned(),
        roles: roles.to_owned(),
        host: "host".to_owned(),
        address: "http://10.0.0.1:8080".to_owned(),
        version: "0.1.0".to_owned(),
        started_at: seen_at - 1_000,
        seen_at,
        registry_revision: revision,
        partitions: if roles.contains("runner") { "0,3,11".to_owned() } else { String::new() },
        lag_records: 40,
        oldest_unstarted_ms: 1_500,
        started_per_second: 7,
    }
}

#[tokio::test]
async fn gateways_are_counted_by_life_and_by_what_they_have_read() {
    let app = App::new().await;
    assert_eq!(
        app.get("servers").await.good(),
        json!({ "gateways": 0, "currentGateways": 0, "waiting": null, "oldestWaitingMs": null, "startedPerSecond": 0, "items": [] })
    );
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let revision = app
        .console
        .db
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let revision = store::server::raise_registry_revision(tx).await?;
                for row in [
                    server("a", "gateway", now, revision),
                    server("b", "gateway,console", now, revision - 1),
                    server("c", "gateway", now - 60_000, revision - 1),
                    server("d", "runner", now, 0),
                ] {
                    store::server::beat(tx, &row).await?;
                }
                Ok(revision)
            })
        })
        .await
        .unwrap();
    assert!(revision > 1);
    let told = app.get("servers").await.good();
    assert_eq!((&told["gateways"], &told["currentGateways"]), (&json!(2), &json!(1)), "{told}");
    assert_eq!(
        (&told["waiting"], &told["oldestWaitingMs"], &told["startedPerSecond"]),
        (&json!(40), &json!(1500), &json!(21)),
        "three of four are alive, and one of those is a runner"
    );
    let items = told["items"].as_array().unwrap();
    let field = |name: &str| items.iter().map(|item| item[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("live"), [json!(true), json!(true), json!(false), json!(true)]);
    assert_eq!(field("current"), [json!(true), json!(false), json!(false), json!(null)]);
    assert_eq!(items[3]["partitions"], json!([0, 3, 11]));
    assert_eq!(items[1]["roles"], json!(["gateway", "console"]));
}
