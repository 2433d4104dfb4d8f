//! The audit: lists, exports, and the chain that shows a change of it.

use axum::body::Body;
use serde_json::{Value, json};

use crate::app::{App, column, text};
use crate::people::PASSWORD;

#[tokio::test]
async fn it_is_listed_with_every_filter() {
    let app = App::new().await;
    let project = app.project("Watched").await;
    let (_, _, trigger) = project.webhook("orders").await;
    app.act(&project.path(&format!("triggers/{trigger}/reveal-url"))).await.good();
    app.project("Other").await;
    let administrator = app.administrator().await;
    let list = |query: String| {
        let path = project.path(&format!("audit{query}"));
        let app = &app;
        async move { app.get(&path).await.good() }
    };
    let all = list(String::new()).await;
    let entry = &all["items"][0];
    assert_eq!(
        (entry["action"].as_str(), entry["target"].as_str()),
        (Some("trigger.reveal-url"), Some(trigger.as_str()))
    );
    assert_eq!(
        (text(entry, "userId"), text(entry, "email")),
        (administrator.to_string(), "admin@localhost".to_owned())
    );
    assert!(entry["tokenId"].is_string() && entry["sessionId"].is_null() && entry["requestId"].is_string());
    assert_eq!(entry["detail"]["name"], "orders");
    let actions = |list: Value| column(&list, "action");
    let everything = actions(all);
    assert_eq!(everything.last().unwrap(), "project.create");
    assert_eq!(actions(list("?action=trigger.reveal-url".to_owned()).await), ["trigger.reveal-url"]);
    let about = actions(list(format!("?target={trigger}")).await);
    assert!(about.len() >= 2 && about.iter().all(|action| action.starts_with("trigger.")), "{about:?}");
    assert_eq!(actions(list(format!("?userId={administrator}")).await), everything);
    assert_eq!(
        actions(list(format!("?userId={administrator}&action=project.create")).await),
        ["project.create"]
    );
    for nothing in [
        "?userId=nobody",
        "?action=none",
        "?target=none",
        "?to=2001-01-01T00:00:00Z",
        "?from=2999-01-01T00:00:00Z",
    ] {
        assert_eq!(actions(list(nothing.to_owned()).await), Vec::<String>::new(), "{nothing}");
    }
    let first = list("?limit=1&from=2001-01-01T00:00:00Z".to_owned()).await;
    let rest = list(format!("?limit=200&cursor={}", text(&first, "nextCursor"))).await;
    assert_eq!(actions(rest), everything[1..]);
    for wrong in ["?from=yesterday", "?limit=0", "?userId=%00", "?cursor=!"] {
        app.get(&project.path(&format!("audit{wrong}"))).await.refused(422);
    }
    // the installation's list has all projects'
    let of_all = app.get("audit?action=project.create").await.good();
    assert_eq!(of_all["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        app.get("audit?action=installation.create").await.good()["items"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn sign_ins_are_written_down() {
    let app = App::new().await;
    let (user, _) = app.person("ada@example.com").await;
    app.sign_in("ada@example.com", "a wrong password").await.refused(401);
    app.sign_in("unknown@example.com", "a wrong password").await.refused(401);
    app.sign_in("ada@example.com", PASSWORD).await.good();
    let list = app.get(&format!("audit?target={user}")).await.good();
    assert_eq!(
        column(&list, "action"),
        ["session.begin", "session.refuse", "sign-in-link.redeem", "sign-in-link.create", "user.create"]
    );
    let (begun, refused) = (&list["items"][0], &list["items"][1]);
    assert_eq!((text(begun, "userId"), begun["sessionId"].is_string()), (user.to_string(), true));
    assert_eq!((refused["userId"].is_null(), text(refused, "sourceAddress").as_str()), (true, "192.0.2.1"));
    // a stranger with e-mails that nobody has adds nothing
    assert_eq!(app.get("audit?action=session.refuse").await.good()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn exports_are_harmless_files() {
    let app = App::new().await;
    let project = app.project("Exported").await;
    let evil = "=cmd|' /C calc'!A0";
    let path = format!("projects/{}", project.id);
    app.json("PATCH", &path, Some("*"), json!({ "name": evil })).await.good();
    // what no operation lets in, but a row might hold
    app.change(&format!(
        "UPDATE audit_entry SET target = '{}' WHERE action = 'project.rename'",
        "=1+1,\"x\"\r\nforged \u{202e}line"
    ))
    .await;
    let ndjson = app.get(&project.path("audit/export")).await;
    assert_eq!(ndjson.headers["content-type"], "application/x-ndjson");
    let lines = String::from_utf8(ndjson.bytes).unwrap();
    let parsed: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(parsed.len(), 2);
    assert_eq!(parsed[0]["detail"]["to"], evil);
    let csv = app.get(&project.path("audit/export?format=csv")).await;
    assert!(csv.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let text = String::from_utf8(csv.bytes).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("id,at,projectId,userId,email") && lines[3].is_empty());
    assert!(lines[1].contains("\"'=1+1,\"\"x\"\"\\r\\nforged \\u202eline\""), "{}", lines[1]);
    assert!(!text.contains('\u{202e}'));
    app.get(&project.path("audit/export?format=xlsx")).await.refused(422);
    let filtered = app.get(&project.path("audit/export?action=none")).await;
    assert_eq!((filtered.status.as_u16(), filtered.bytes.len()), (200, 0));
    // more than one page
    for n in 0..520 {
        app.json("PATCH", &path, Some("*"), json!({ "name": format!("Name {n}") })).await.good();
    }
    let all = app.get("audit/export").await;
    let lines = String::from_utf8(all.bytes).unwrap();
    let ids: std::collections::BTreeSet<&str> = lines.lines().map(|line| &line[..45]).collect();
    assert_eq!(
        (lines.lines().count(), ids.len()),
        (app.count("audit_entry").await, app.count("audit_entry").await)
    );
}

#[tokio::test]
async fn the_chain_shows_what_was_changed_behind_its_back() {
    let app = App::new().await;
    let project = app.project("Watched").await;
    for n in 0..3 {
        let body = json!({ "name": format!("Name {n}") });
        app.json("PATCH", &format!("projects/{}", project.id), Some("*"), body).await.good();
    }
    let verify = || async { app.get(&project.path("audit/verification")).await.good() };
    let good = verify().await;
    assert_eq!((good["intact"].as_bool(), good["entries"].as_i64()), (Some(true), Some(4)));
    assert_eq!(text(&good, "lastHash").len(), 64);
    let whole = app.get("audit/verification").await.good();
    assert_eq!((whole["intact"].as_bool(), whole["chains"].as_i64()), (Some(true), Some(2)));
    let of = format!("chain = '{}' AND sequence", project.id);
    for (change, back, at) in [
        ("UPDATE audit_entry SET detail = '{}' WHERE OF = 2", "", 2),
        ("UPDATE audit_entry SET user_id = NULL WHERE OF = 3", "", 2),
        ("DELETE FROM audit_entry WHERE OF = 4", "", 2),
    ] {
        app.change(&change.replace("OF", &of)).await;
        if !back.is_empty() {
            app.change(back).await;
        }
        let broken = verify().await;
        assert_eq!(
            (broken["intact"].as_bool(), broken["broken"][0]["sequence"].as_i64()),
            (Some(false), Some(at)),
            "{change}"
        );
    }
    let whole = app.get("audit/verification").await.good();
    assert_eq!(
        (whole["intact"].as_bool(), text(&whole["broken"][0], "chain")),
        (Some(false), project.id.clone())
    );
    // the last one taken away
    let other = app.project("Cut").await;
    app.change(&format!("DELETE FROM audit_entry WHERE chain = '{}'", other.id)).await;
    let broken = app.get(&other.path("audit/verification")).await.good();
    assert_eq!(
        (broken["intact"].as_bool(), broken["broken"][0]["sequence"].as_i64()),
        (Some(false), Some(1))
    );
}

#[tokio::test]
async fn two_at_once_keep_the_chain_whole() {
    let app = App::new().await;
    let project = app.project("Busy").await;
    let make = |n: usize| {
        let body = json!({ "name": format!("source-{n}") });
        let path = project.on_main("data-sources");
        let app = &app;
        async move { app.post(&path, body).await.good() }
    };
    futures::future::join_all((0..20).map(make)).await;
    let found = app.get(&project.path("audit/verification")).await.good();
    assert_eq!((found["intact"].as_bool(), found["entries"].as_i64()), (Some(true), Some(21)));
    // an erased project's chain is still there to be checked
    let path = format!("projects/{}", project.id);
    let request = app.request("DELETE", &path).header("if-match", "*").body(Body::empty()).unwrap();
    assert_eq!(app.send(request).await.status, 204);
    let whole = app.get("audit/verification").await.good();
    assert_eq!((whole["intact"].as_bool(), whole["chains"].as_i64()), (Some(true), Some(2)));
}
