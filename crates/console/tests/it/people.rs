//! People and their credentials, for the tests of access.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::role::Place;
use uuid::Uuid;

use crate::app::{Answer, App, text};

/// The session's cookie: the console of the tests is reached by https.
pub(crate) const COOKIE: &str = "__Host-forebay";
/// A password that is allowed.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

pub(crate) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A token to be made beside the API.
#[derive(Clone, Copy)]
pub(crate) struct TokenOf {
    pub(crate) user: Uuid,
    pub(crate) scopes: &'static str,
    pub(crate) project: Option<Uuid>,
    pub(crate) expires_at: Option<i64>,
}

impl App {
    /// The administrator of the first start.
    pub(crate) async fn administrator(&self) -> Uuid {
        let found = self.console.db.read(|tx| Box::pin(async move { store::user::first(tx).await })).await;
        Uuid::parse_str(&found.unwrap().unwrap().id).unwrap()
    }

    /// A user without a password.
    pub(crate) async fn user(&self, email: &str) -> Uuid {
        let made = self.post("users", json!({ "email": email, "name": "Somebody" })).await.good();
        Uuid::parse_str(&text(&made, "id")).unwrap()
    }

    /// Gives a role.
    pub(crate) async fn role(&self, user: Uuid, place: Place, role: &'static str) {
        let stamp = store::user::Stamp { user: None, at: 1 };
        let given = self.console.db.write(move |tx| {
            Box::pin(async move { store::role::give(tx, (user, place), (role, false), &stamp).await })
        });
        given.await.unwrap();
    }

    /// A token with this text, made beside the API.
    pub(crate) async fn token(&self, secret: &str, of: TokenOf) -> Uuid {
        let (id, sha256) = (Uuid::new_v4(), digest(secret));
        let made = self.console.db.write(move |tx| {
            Box::pin(async move {
                let TokenOf { user, scopes, project, expires_at } = of;
                let new =
                    store::token::NewToken { id, user, project, name: "test", sha256, scopes, expires_at };
                store::token::insert(tx, &new, 1).await
            })
        });
        made.await.unwrap();
        id
    }

    /// A session with this cookie's value, made beside the API.
    pub(crate) async fn session(&self, user: Uuid, value: &str) -> Uuid {
        let (id, sha256) = (Uuid::now_v7(), digest(value));
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64;
        let made = self.console.db.write(move |tx| {
            Box::pin(async move {
                let new = store::session::NewSession {
                    id,
                    user,
                    sha256,
                    source_address: None,
                    user_agent: None,
                    now,
                    expires_at: now + 1_000_000,
                };
                store::session::insert(tx, &new).await
            })
        });
        made.await.unwrap();
        id
    }

    /// A request without credentials.
    pub(crate) async fn visit(&self, path: &str, body: Value) -> Answer {
        self.visit_from("192.0.2.1", path, body).await
    }

    /// A request without credentials from an address.
    pub(crate) async fn visit_from(&self, address: &str, path: &str, body: Value) -> Answer {
        let mut request = Request::post(format!("/api/v1/{path}"))
            .header("content-type", "application/json")
            .header("user-agent", "a browser")
            .body(Body::from(body.to_string()))
            .unwrap();
        let address: std::net::IpAddr = address.parse().unwrap();
        request.extensions_mut().insert(std::net::SocketAddr::new(address, 40_000));
        self.send(request).await
    }

    /// Signs in from an address.
    pub(crate) async fn sign_in_from(&self, address: &str, email: &str, password: &str) -> Answer {
        self.visit_from(address, "session", json!({ "email": email, "password": password })).await
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.sign_in_from("192.0.2.1", email, password).await
    }

    /// The token in a new sign-in link of a user.
    pub(crate) async fn link(&self, user: Uuid) -> String {
        let made = self.act(&format!("users/{user}/sign-in-link")).await.good();
        let url = text(&made, "url");
        url.strip_prefix("https://hooks.example.com/sign-in#").expect(&url).to_owned()
    }

    /// A user with [`PASSWORD`], and the cookie's value of the session that the link began.
    pub(crate) async fn person(&self, email: &str) -> (Uuid, String) {
        let user = self.user(email).await;
        let token = self.link(user).await;
        let answer = self.visit("sign-in-link/redeem", json!({ "token": token, "password": PASSWORD })).await;
        let value = cookie(&answer);
        answer.good();
        (user, value)
    }

    /// A request by cookie as our own page makes it.
    pub(crate) async fn by_cookie(
        &self,
        method: &str,
        path: &str,
        value: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api/v1/{path}"))
            .header("cookie", format!("other=1; {COOKIE}={value}"))
            .header("sec-fetch-site", "same-origin")
            .header("if-match", "*");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// A request by a token.
    pub(crate) async fn by_token(
        &self,
        method: &str,
        path: &str,
        secret: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("/api/v1/{path}"))
            .header("authorization", format!("Bearer {secret}"))
            .header("if-match", "*");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }
}

/// The value of the session's cookie that an answer sets.
pub(crate) fn cookie(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().unwrap();
    let (pair, attributes) = set.split_once("; ").unwrap();
    assert!(
        attributes.contains("Path=/; HttpOnly; SameSite=Lax") && attributes.ends_with("; Secure"),
        "{set}"
    );
    pair.strip_prefix(&format!("{COOKIE}=")).expect(set).to_owned()
}
