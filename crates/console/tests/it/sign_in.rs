//! Passwords, links, sessions, and what guards the cookie.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use store::role::Place;
use uuid::Uuid;

use crate::app::{App, column, text};
use crate::people::{COOKIE, PASSWORD, cookie, digest};

#[tokio::test]
async fn a_link_sets_the_password_and_signs_in_once() {
    let app = App::new().await;
    let user = app.user("Ada@Example.com").await;
    let replaced = app.link(user).await;
    let token = app.link(user).await;
    let unknown = app.visit("sign-in-link", json!({ "token": replaced })).await;
    assert_eq!(unknown.clone().refused(404), "link-unknown");
    let owner = app.visit("sign-in-link", json!({ "token": token })).await.good();
    assert_eq!(owner["email"], "ada@example.com");
    // a password that is not allowed does not use it up
    let redeem = |password: &'static str, token: &str| {
        let body = json!({ "token": token, "password": password });
        app.visit("sign-in-link/redeem", body)
    };
    assert_eq!(redeem("too short", &token).await.refused(422), "invalid-fields");
    let answer = redeem(PASSWORD, &token).await;
    let value = cookie(&answer);
    assert_eq!(answer.good()["email"], "ada@example.com");
    let me = app.by_cookie("GET", "me", &value, None).await.good();
    assert_eq!((me["id"].as_str().unwrap(), me["token"].is_null()), (user.to_string().as_str(), true));
    for used in [redeem(PASSWORD, &token).await, app.visit("sign-in-link", json!({ "token": token })).await] {
        assert_eq!(used.bytes, unknown.bytes);
    }
    // the password works, and leaves a session of its own
    let other = cookie(&app.sign_in("ADA@example.com ", PASSWORD).await);
    assert_ne!(value, other);
    let sessions = app.by_cookie("GET", "sessions", &value, None).await.good();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&sessions["items"][1]["current"], &sessions["items"][0]["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(sessions["items"][0]["userAgent"], "a browser");
    assert_eq!(sessions["items"][0]["sourceAddress"], "192.0.2.1");
}

#[tokio::test]
async fn of_two_who_use_one_link_one_gets_in() {
    let app = App::new().await;
    let user = app.user("ada@example.com").await;
    let token = app.link(user).await;
    let body = json!({ "token": token, "password": PASSWORD });
    let (one, other) = futures::join!(
        app.visit("sign-in-link/redeem", body.clone()),
        app.visit("sign-in-link/redeem", body)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404]);
    assert_eq!(app.count("user_session").await, 1);
}

#[tokio::test]
async fn nothing_secret_is_stored_in_clear() {
    let app = App::new().await;
    let (user, value) = app.person("ada@example.com").await;
    let link = app.link(user).await;
    let hash = app.column_of("SELECT password_hash FROM app_user WHERE password_hash IS NOT NULL").await;
    // OWASP: Argon2id, 19 MiB, two passes, one lane
    assert!(hash[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash:?}");
    let everything = app.everything().await;
    for secret in [PASSWORD, &value, &link] {
        let bytes = secret.as_bytes();
        assert!(!everything.windows(bytes.len()).any(|window| window == bytes), "{secret} is in the file");
    }
    let kept = digest(&value);
    let hex: String = kept.iter().map(|byte| format!("{byte:02x}")).collect();
    let there = |bytes: &[u8]| everything.windows(bytes.len()).any(|window| window == bytes);
    assert!(there(&kept) || there(hex.as_bytes()), "the search finds what is there");
}

#[tokio::test]
async fn every_failed_sign_in_gets_the_same_answer() {
    let app = App::new().await;
    app.person("ada@example.com").await;
    app.user("nobody-signed-in@example.com").await;
    let (disabled, _) = app.person("gone@example.com").await;
    app.json("PATCH", &format!("users/{disabled}"), Some("*"), json!({ "disabled": true })).await.good();
    let wrong = app.sign_in("ada@example.com", "not the password at all").await;
    assert_eq!(wrong.clone().refused(401), "sign-in-failed");
    for (email, password) in [
        ("unknown@example.com", PASSWORD),
        ("nobody-signed-in@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
        ("", ""),
        ("ada@example.com\u{0}", PASSWORD),
        ("ada@example.com", &"x".repeat(100_000)),
    ] {
        let answer = app.sign_in(email, password).await;
        assert_eq!((answer.status, &answer.bytes), (wrong.status, &wrong.bytes), "{email:?}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    assert_eq!(app.count("user_session").await, 1);
}

#[tokio::test]
async fn an_unknown_email_takes_as_long_as_a_wrong_password() {
    let app = App::new().await;
    app.person("ada@example.com").await;
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for round in 0..8 {
        app.change("DELETE FROM sign_in_failure").await;
        for (email, times) in [("ada@example.com", &mut known), ("unknown@example.com", &mut unknown)] {
            let begun = std::time::Instant::now();
            app.sign_in_from(&format!("192.0.2.{round}"), email, "not the password").await.refused(401);
            times.push(begun.elapsed());
        }
    }
    // the quickest of each: whatever else the machine does only adds; without the hash it is a twentieth
    let (known, unknown) = (known.iter().min().unwrap(), unknown.iter().min().unwrap());
    println!("a wrong password took {known:?}, an unknown e-mail {unknown:?}");
    assert!(*unknown * 4 > *known && *known * 4 > *unknown, "{known:?} against {unknown:?}");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_locks_nobody_out() {
    let app = App::new().await;
    app.person("ada@example.com").await;
    // from elsewhere than where she has a session
    for email in ["ada@example.com", "unknown@example.com"] {
        for _ in 0..5 {
            app.sign_in_from("203.0.113.9", email, "a wrong password").await.refused(401);
        }
        // a slow machine must not wait the first second out
        app.change(
            "UPDATE sign_in_failure SET failures = 10 WHERE subject LIKE 'account/%' AND failures = 5",
        )
        .await;
        let answer = app.sign_in_from("203.0.113.9", email, PASSWORD).await;
        let seconds: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=32).contains(&seconds), "{seconds}");
        assert_eq!(answer.refused(429), "too-many-attempts");
        // another address does not help
        let other = app.sign_in_from("203.0.113.77", email, PASSWORD).await;
        assert_eq!(other.refused(429), "too-many-attempts");
    }
    // she herself gets in from where she was, and all is forgotten
    app.sign_in("ada@example.com", PASSWORD).await.good();
    app.sign_in_from("203.0.113.77", "ada@example.com", PASSWORD).await.good();
    // tries at the same time do not pass together
    let tries = (0..12).map(|_| app.sign_in_from("198.51.100.1", "ada@example.com", "a wrong password"));
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    assert!((5..=6).contains(&looked_at), "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    assert!(app.count("sign_in_failure").await < 12);
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_is_slowed_down_too() {
    let app = App::new().await;
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    app.sign_in_from("2001:db8::1", "one@example.com", "a wrong password").await.refused(401);
    app.change(&format!(
        "UPDATE sign_in_failure SET failures = 60, last_at = {now} WHERE subject LIKE 'address/%'"
    ))
    .await;
    // the same network of IPv6
    assert_eq!(
        app.sign_in_from("2001:db8::ffff", "two@example.com", PASSWORD).await.refused(429),
        "too-many-attempts"
    );
    app.sign_in_from("2001:db8:1::1", "two@example.com", PASSWORD).await.refused(401);
    // after the wait
    app.change(&format!("UPDATE sign_in_failure SET last_at = {}", now - 61_000)).await;
    app.sign_in_from("2001:db8::ffff", "two@example.com", PASSWORD).await.refused(401);
}

#[tokio::test]
async fn sessions_end() {
    let app = App::new().await;
    let (user, value) = app.person("ada@example.com").await;
    let gone = |value: String| {
        let app = &app;
        async move { app.by_cookie("GET", "me", &value, None).await.refused(401) }
    };
    // signed out
    let out = app.by_cookie("DELETE", "session", &value, None).await;
    assert_eq!(out.status, 204);
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    gone(value).await;
    // ended from another session
    let (one, other) = (
        cookie(&app.sign_in("ada@example.com", PASSWORD).await),
        cookie(&app.sign_in("ada@example.com", PASSWORD).await),
    );
    let list = app.by_cookie("GET", "sessions", &one, None).await.good();
    let id = list["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].clone();
    let path = format!("sessions/{}", id.as_str().unwrap());
    assert_eq!(app.by_cookie("DELETE", &path, &one, None).await.status, 204);
    gone(other).await;
    // another user's session is unknown
    let (_, stranger) = app.person("eve@example.com").await;
    let foreign = text(&app.by_cookie("GET", "me", &stranger, None).await.good(), "sessionId");
    let answer = app.by_cookie("DELETE", &format!("sessions/{foreign}"), &one, None).await;
    let unknown = app.by_cookie("DELETE", &format!("sessions/{}", Uuid::new_v4()), &one, None).await;
    assert_eq!((answer.status, &answer.bytes), (unknown.status, &unknown.bytes));
    assert_eq!(unknown.status, 404);
    // idle, and over
    let hour = 3_600_000_i64;
    app.change(&format!("UPDATE user_session SET last_used_at = last_used_at - {}", 11 * hour)).await;
    app.by_cookie("GET", "me", &one, None).await.good();
    // the use is written down beside the request
    while app.column_of("SELECT id FROM user_session WHERE last_used_at >= created_at").await.is_empty() {
        tokio::task::yield_now().await;
    }
    app.change(&format!("UPDATE user_session SET last_used_at = created_at - {}", 12 * hour)).await;
    gone(one).await;
    let last = cookie(&app.sign_in("ada@example.com", PASSWORD).await);
    app.change("UPDATE user_session SET expires_at = created_at").await;
    gone(last).await;
    // what is over is swept at the next sign-in
    app.sign_in("ada@example.com", PASSWORD).await.good();
    let left = app.column_of(&format!("SELECT id FROM user_session WHERE user_id = '{user}'")).await;
    assert_eq!(left.len(), 1);
    // disabled
    let last = cookie(&app.sign_in("ada@example.com", PASSWORD).await);
    app.json("PATCH", &format!("users/{user}"), Some("*"), json!({ "disabled": true })).await.good();
    gone(last).await;
}

#[tokio::test]
async fn the_password_is_changed_with_the_old_one() {
    let app = App::new().await;
    let (_, value) = app.person("ada@example.com").await;
    let other = cookie(&app.sign_in("ada@example.com", PASSWORD).await);
    let change = |old: &str, new: &str| {
        let body = json!({ "oldPassword": old, "newPassword": new });
        let (app, value) = (&app, value.clone());
        async move { app.by_cookie("POST", "me/password", &value, Some(body)).await }
    };
    let wrong = change("not the old one", "another sentence of mine").await;
    assert_eq!(wrong.json()["errors"][0]["field"], "oldPassword");
    assert_eq!(change(PASSWORD, "another sentence of mine").await.status, 204);
    app.by_cookie("GET", "me", &value, None).await.good();
    app.by_cookie("GET", "me", &other, None).await.refused(401);
    app.sign_in("ada@example.com", PASSWORD).await.refused(401);
    app.sign_in("ada@example.com", "another sentence of mine").await.good();
    // the administrator of the first start has none yet
    let none = app.post("me/password", json!({ "oldPassword": PASSWORD, "newPassword": PASSWORD })).await;
    assert_eq!(none.refused(409), "no-password");
}

#[tokio::test]
async fn passwords_have_rules_that_help() {
    let app = App::new().await;
    let user = app.user("grace.hopper@example.com").await;
    let token = app.link(user).await;
    let told = |password: String| {
        let (app, token) = (&app, token.clone());
        async move {
            let answer =
                app.visit("sign-in-link/redeem", json!({ "token": token, "password": password })).await;
            let body = answer.json();
            assert_eq!(answer.status, 422, "{body}");
            assert!(!body.to_string().contains(&password) || password.len() < 5, "the password comes back");
            body["errors"][0]["code"].as_str().unwrap().to_owned()
        }
    };
    for (password, code) in [
        ("fourteen chars", "length"),
        (&"ab cd".repeat(26)[..129], "length"),
        ("with a \u{7} bell in it", "characters"),
        ("aaaaaaaaaaaaaaaaaaaa", "guessable"),
        ("123456789012345678", "guessable"),
        ("grace.hopper@example.com", "guessable"),
        ("forebayforebayforebay", "guessable"),
        ("passwordpassword1", "guessable"),
    ] {
        assert_eq!(told(password.to_owned()).await, code, "{password}");
    }
    // 15 characters of any kind, counted after NFC; the same from a keyboard that sends them apart
    let apart = "cafe\u{301} o\u{308}ffnet \u{1F600} fru\u{308}h";
    app.visit("sign-in-link/redeem", json!({ "token": token, "password": apart })).await.good();
    app.sign_in("grace.hopper@example.com", "caf\u{e9} \u{f6}ffnet \u{1F600} fr\u{fc}h").await.good();
}

#[tokio::test]
async fn a_cookie_needs_our_own_page_and_no_token_beside_it() {
    let app = App::new().await;
    let (user, value) = app.person("ada@example.com").await;
    let project = app.project("Own").await.id;
    app.role(user, Place::Project(Uuid::parse_str(&project).unwrap()), "admin").await;
    let path = format!("/api/v1/projects/{project}/branches/main/data-sources");
    let body = json!({ "name": "orders" }).to_string();
    let send = |headers: Vec<(&'static str, String)>| {
        let mut request = Request::post(&path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        app.send(request.body(Body::from(body.clone())).unwrap())
    };
    let cookie = ("cookie", format!("{COOKIE}={value}"));
    for from in [
        vec![],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
        vec![("sec-fetch-site", "cross-site"), ("origin", "https://hooks.example.com")],
        vec![("origin", "https://evil.example.com"), ("host", "hooks.example.com")],
        vec![("origin", "null"), ("host", "hooks.example.com")],
        vec![("origin", "https://hooks.example.com.evil.example")],
    ] {
        let headers = from.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let answer = send(headers.chain([cookie.clone()]).collect()).await;
        assert_eq!(answer.refused(403), "cross-site", "{from:?}");
    }
    let bearer = ("authorization", format!("Bearer {}", app.token));
    let own = ("sec-fetch-site", "same-origin".to_owned());
    let both = send(vec![bearer, cookie.clone(), own.clone()]).await;
    assert_eq!(both.refused(400), "two-credentials");
    let twice = ("cookie", format!("{COOKIE}={value}; {COOKIE}=mine"));
    send(vec![twice, own]).await.refused(401);
    for from in [("origin", "https://hooks.example.com"), ("origin", "https://localhost:8080")] {
        let host = ("host", "localhost:8080".to_owned());
        let answer = send(vec![(from.0, from.1.to_owned()), host, cookie.clone()]).await;
        assert_ne!(answer.status, 403, "{from:?}: {}", String::from_utf8_lossy(&answer.bytes));
    }
    // reading is no change; somebody else's page cannot sign a visitor in
    let read = Request::get("/api/v1/me").header(cookie.0, cookie.1).header("sec-fetch-site", "cross-site");
    assert_eq!(app.send(read.body(Body::empty()).unwrap()).await.status, 200);
    let login = Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(json!({ "email": "ada@example.com", "password": PASSWORD }).to_string()));
    assert_eq!(app.send(login.unwrap()).await.refused(403), "cross-site");
    let form = Request::post("/api/v1/session")
        .header("content-type", "text/plain")
        .body(Body::from(json!({ "email": "ada@example.com", "password": PASSWORD }).to_string()));
    assert_eq!(app.send(form.unwrap()).await.refused(415), "unsupported-media-type");
    let made = app.get(path.strip_prefix("/api/v1/").unwrap()).await.good();
    assert_eq!(column(&made, "name"), ["orders"]);
}

#[tokio::test]
async fn old_links_and_links_of_disabled_users_are_void() {
    let app = App::new().await;
    let user = app.user("ada@example.com").await;
    let token = app.link(user).await;
    app.change("UPDATE sign_in_link SET expires_at = created_at").await;
    let body = json!({ "token": token, "password": PASSWORD });
    assert_eq!(app.visit("sign-in-link/redeem", body).await.refused(404), "link-unknown");
    let token = app.link(user).await;
    app.json("PATCH", &format!("users/{user}"), Some("*"), json!({ "disabled": true })).await.good();
    let body = json!({ "token": token, "password": PASSWORD });
    assert_eq!(app.visit("sign-in-link/redeem", body).await.refused(404), "link-unknown");
    assert_eq!(app.act(&format!("users/{user}/sign-in-link")).await.refused(409), "user-disabled");
    app.visit("sign-in-link", json!({ "token": "" })).await.refused(404);
}
