//! The first start, later starts, and the command line's two words.

use console::{FirstStart, StartError, first_start, mint_token, webhook_url};
use store::{Db, Options};
use webhook::{Address, KeyDigest, MasterKey};

use crate::app::{App, TOKEN, text};

fn start(token: Option<&str>, sample: bool) -> FirstStart {
    FirstStart { admin_token: token.map(str::to_owned), sample, master_key: MasterKey::new([7; 32]) }
}

#[tokio::test]
async fn makes_a_working_sample() {
    let app = App::start(true).await;
    let projects = app.get("projects").await.good();
    assert_eq!(projects["items"][0]["name"], "Order intake");
    let id = text(&projects["items"][0], "id");
    let triggers = app.get(&format!("projects/{id}/triggers")).await.good();
    assert_eq!(triggers["items"][0]["name"], "orders");
    assert_eq!(triggers["items"][0]["state"], "Active");
    let check = app.act(&format!("projects/{id}/branches/main/check")).await.good();
    assert_eq!(check["problems"], serde_json::json!([]), "the sample has problems");
    let changes = app.get(&format!("projects/{id}/branches/main/changes")).await.good();
    assert_eq!(changes["items"], serde_json::json!([]));
}

#[tokio::test]
async fn the_command_line_shows_the_url_that_the_registry_knows() {
    let app = App::start(true).await;
    let master = MasterKey::new([7; 32]);
    for name in ["orders", "ORDERS", "order intake/orders"] {
        let url = webhook_url(&app.console.db, &master, "http://127.0.0.1:8080", name).await.unwrap();
        let (address, key) = url.reveal().split_once("?flowxApiKey=").unwrap();
        let path = address.strip_prefix("http://127.0.0.1:8080").unwrap();
        let rows: Vec<store::trigger::RegistryRow> = app
            .console
            .db
            .read(|tx| Box::pin(async move { store::trigger::registry_rows(tx).await }))
            .await
            .unwrap();
        let address = Address::parse(path).unwrap();
        assert_eq!((rows[0].project, rows[0].data_source), (address.project, address.data_source));
        assert!(rows[0].linked && rows[0].commit.is_some());
        assert_eq!(rows[0].keys[0].sha256, KeyDigest::of(key).0);
    }
    let unknown = webhook_url(&app.console.db, &master, "http://x", "no-such").await.unwrap_err();
    assert!(unknown.to_string().contains("Order intake/orders"), "{unknown}");
    let other_key = MasterKey::new([8; 32]);
    webhook_url(&app.console.db, &other_key, "http://x", "orders").await.unwrap_err();
}

#[tokio::test]
async fn a_token_is_shown_once_and_works() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::sqlite(&folder.path().join("s.db"), Options::default()).await.unwrap();
    assert!(matches!(mint_token(&db, "early").await, Err(StartError::NotStarted)));
    let begun = first_start(&db, &start(None, false)).await.unwrap();
    assert!(begun.created && begun.sample_webhook.is_none());
    let link = console::sign_in_url("http://localhost:8080", &begun.sign_in_token.unwrap());
    assert!(link.reveal().starts_with("http://localhost:8080/sign-in#"), "{}", link.reveal());
    assert!(!format!("{link:?}").contains("sign-in"));
    let again = first_start(&db, &start(None, true)).await.unwrap();
    assert!(!again.created && again.sign_in_token.is_none() && again.sample_webhook.is_none());
    assert!(mint_token(&db, "bad\nname").await.is_err());
    let token = mint_token(&db, "laptop").await.unwrap();
    assert!(token.reveal().starts_with("fb_") && !format!("{token:?}").contains(token.reveal()));
}

#[tokio::test]
async fn a_preset_token_is_made_valid_at_each_start() {
    let mut app = App::new().await;
    app.get("me").await.good();
    let weak = first_start(&app.console.db, &start(Some("short"), false)).await;
    assert!(matches!(weak, Err(StartError::WeakToken)));
    let other = "another-token-0123456789-0123456789";
    first_start(&app.console.db, &start(Some(other), false)).await.unwrap();
    app.get("me").await.refused(401);
    app.token = other.to_owned();
    app.get("me").await.good();
    first_start(&app.console.db, &start(Some(TOKEN), false)).await.unwrap();
    app.get("me").await.refused(401);
    app.token = TOKEN.to_owned();
    app.get("me").await.good();
}
