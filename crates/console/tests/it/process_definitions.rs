//! Process definitions: the starter, the bytes of the BPMN, two people at once.

use serde_json::json;

use crate::app::{App, on_webhook, text};

#[tokio::test]
async fn a_new_process_has_a_starter_diagram() {
    let app = App::new().await;
    let project = app.project("Starter").await;
    let path = project.on_main("process-definitions");
    let made = app.post(&path, json!({ "name": "Order[1]" })).await;
    assert_eq!(made.status.as_u16(), 201);
    let tag = made.etag();
    let one = format!("{path}/{}", text(&made.good(), "resourceDefinitionId"));
    let bpmn = app.get(&format!("{one}/bpmn")).await;
    assert_eq!((bpmn.etag(), &bpmn.headers["content-type"]), (tag, &"application/xml".parse().unwrap()));
    let definitions = bpmn::read(&bpmn.bytes).unwrap();
    assert_eq!(bpmn::executable(&definitions).unwrap().name.as_deref(), Some("Order[1]"));
    let text = String::from_utf8(bpmn.bytes).unwrap();
    assert!(text.contains("BPMNShape") && text.contains("incomingWebhook"));
    // it asks for a webhook and for nothing else
    let check = app.act(&project.on_main("check")).await.good();
    assert_eq!(check["problems"].as_array().unwrap().len(), 1, "{check}");
    assert_eq!(check["problems"][0]["elementId"], "Start_1");
}

#[tokio::test]
async fn the_bytes_are_kept() {
    let app = App::new().await;
    let project = app.project("Bytes").await;
    let process = project.process("first", &on_webhook("x")).await;
    let path = project.on_main(&format!("process-definitions/{process}/bpmn"));
    let odd = format!("\u{FEFF}{}\r\n<!-- trailing \u{1F600} -->\n\n", on_webhook("y").replace("  ", "\t"));
    app.put_xml(&path, Some("*"), odd.clone()).await.good();
    assert_eq!(app.get(&path).await.bytes, odd.as_bytes());
    // ISO-8859-1: bytes that are no UTF-8
    let latin = on_webhook("z").replace("UTF-8", "ISO-8859-1").replace("Came", "Gekommen f\u{FC}r");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    app.put_xml(&path, Some("*"), latin.clone()).await.good();
    assert_eq!(app.get(&path).await.bytes, latin);
}

#[tokio::test]
async fn what_is_no_bpmn_is_refused_with_its_place() {
    let app = App::new().await;
    let project = app.project("Hostile").await;
    let process = project.process("first", &on_webhook("x")).await;
    let path = project.on_main(&format!("process-definitions/{process}/bpmn"));
    let before = app.get(&path).await.bytes;
    let place = app.put_xml(&path, Some("*"), "<a>\n  <b></a>").await;
    let body = place.json();
    assert_eq!(place.refused(422), "invalid-fields");
    assert_eq!(
        (body["line"].as_u64(), body["errors"][0]["field"].as_str()),
        (Some(2), Some("bpmn")),
        "{body}"
    );
    let doctype = format!("<!DOCTYPE a [<!ENTITY x \"y\">]>{}", on_webhook("x"));
    for bad in ["", "   ", "not xml", "<html/>", doctype.as_str(), &"<a>".repeat(300_000)] {
        app.put_xml(&path, Some("*"), bad.to_owned()).await.refused(422);
    }
    let large = format!("{}<!--{}-->", on_webhook("x"), "x".repeat(4 << 20));
    assert_eq!(app.put_xml(&path, Some("*"), large.clone()).await.refused(413), "too-large");
    let posted = json!({ "name": "other", "bpmn": large });
    assert_eq!(app.post(&project.on_main("process-definitions"), posted).await.refused(413), "too-large");
    app.json("PUT", &path, Some("*"), json!({})).await.refused(415);
    assert_eq!(app.get(&path).await.bytes, before);
    // one of just under 4 MiB is taken, as XML and as JSON
    let fits = format!("{}<!--{}-->", on_webhook("x"), "x".repeat((4 << 20) - 2_000));
    app.put_xml(&path, Some("*"), fits.clone()).await.good();
    project.process("fits", &fits).await;
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    let app = App::new().await;
    let project = app.project("Two").await;
    let process = project.process("first", &on_webhook("x")).await;
    let path = project.on_main(&format!("process-definitions/{process}/bpmn"));
    for round in 0..5 {
        let tag = app.get(&path).await.etag();
        let xml = |who: &str| on_webhook("x").replace("Came", &format!("{who} {round}"));
        let (one, two) = tokio::join!(
            app.put_xml(&path, Some(&tag), xml("Ann")),
            app.put_xml(&path, Some(&tag), xml("Bob"))
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let winner = if one.status == 200 { xml("Ann") } else { xml("Bob") };
        assert_eq!(app.get(&path).await.bytes, winner.as_bytes());
    }
}

#[tokio::test]
async fn a_process_is_renamed_and_removed() {
    let app = App::new().await;
    let project = app.project("Rename").await;
    let process = project.process("first", &on_webhook("x")).await;
    project.process("second", &on_webhook("x")).await;
    let path = project.on_main(&format!("process-definitions/{process}"));
    let tag = app.get(&path).await.etag();
    app.json("PATCH", &path, None, json!({ "name": "third" })).await.refused(428);
    let taken = app.json("PATCH", &path, Some(&tag), json!({ "name": "SECOND" })).await;
    assert_eq!(taken.refused(409), "name-taken");
    let renamed = app.json("PATCH", &path, Some(&tag), json!({ "name": "third" })).await;
    assert_ne!(renamed.etag(), tag);
    assert_eq!(renamed.good()["name"], "third");
    app.delete(&path, Some(&tag)).await.refused(412);
    assert_eq!(app.delete(&path, Some("*")).await.status.as_u16(), 204);
    app.delete(&path, Some("*")).await.refused(404);
    let list = app.get(&project.on_main("process-definitions")).await.good();
    assert_eq!(crate::app::column(&list, "name"), ["second"]);
}

#[tokio::test]
async fn saving_often_keeps_only_what_is_used() {
    let app = App::new().await;
    let project = app.project("Often").await;
    let process = project.process("first", &on_webhook("x")).await;
    for round in 0..10 {
        project.save(&process, &on_webhook("x").replace("Came", &format!("Came {round}"))).await.good();
    }
    assert_eq!(app.count("resource_version").await, 1);
}
