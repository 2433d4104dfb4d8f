//! People and their rights: a user with a role, as an administrator makes one and as they begin.

use std::io;

use serde_json::json;
use ureq::http;

use super::{Api, text};

/// The password of everybody here.
pub const PASSWORD: &str = "a long enough pass phrase";

impl Api {
    /// The API as a new user with this role on a project sees it: made, let in by a sign-in link, with a token of
    /// their own.
    pub fn person(&self, email: &str, role: &str, project: &str) -> io::Result<Api> {
        let user = text(&self.post("users", json!({ "email": email, "name": email }))?, "id")?;
        self.post(&format!("projects/{project}/members"), json!({ "userId": user, "roles": [role] }))?;
        let link = text(&self.post(&format!("users/{user}/sign-in-link"), json!({}))?, "url")?;
        let token = link.split('#').nth(1).ok_or_else(|| io::Error::other("no token in the link"))?;
        let cookie = self.redeem(token)?;
        Ok(self.with_token(&self.own_token(&cookie)?))
    }

    /// Sets the password by a sign-in link; the session's cookie.
    fn redeem(&self, token: &str) -> io::Result<String> {
        let body = json!({ "token": token, "password": PASSWORD });
        let request = self.request_to("sign-in-link/redeem");
        let reply = self.send(request, body.to_string().into_bytes())?;
        let cookie = reply.headers.get("set-cookie").and_then(|value| value.to_str().ok()).map(str::to_owned);
        reply.good()?;
        let cookie = cookie.ok_or_else(|| io::Error::other("no cookie"))?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    fn own_token(&self, cookie: &str) -> io::Result<String> {
        let wish = json!({ "name": "test", "scopes": ["admin"] });
        let request =
            self.request_to("tokens").header("cookie", cookie).header("sec-fetch-site", "same-origin");
        text(&self.send(request, wish.to_string().into_bytes())?.good()?, "secret")
    }

    fn request_to(&self, path: &str) -> http::request::Builder {
        let builder = http::Request::builder().method("POST").uri(format!("{}/api/v1/{path}", self.base));
        builder.header("content-type", "application/json")
    }
}
