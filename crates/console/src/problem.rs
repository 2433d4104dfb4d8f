//! Every refusal of the API, as `application/problem+json` (RFC 9457) with a `code` for programs.
//!
//! The text is for the caller: what is wrong and what to do. Why, where the caller must not or need not know,
//! goes to the log with the request's id.

mod field;
mod store_error;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use field::{FieldError, Fields};

use crate::check::CheckProblem;

/// Media type of problems (RFC 9457 section 6.1).
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) body: Box<ProblemBody>,
    /// For the log.
    pub(crate) why: Option<String>,
    /// Seconds after which it is worth another try; 2 where nothing is said.
    pub(crate) retry_after: Option<i64>,
}

/// The body of a refusal (RFC 9457).
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// The HTTP status.
    status: u16,
    /// The HTTP status in words.
    title: &'static str,
    /// What it is, for programs, in kebab-case.
    pub(crate) code: &'static str,
    /// What is wrong and what to do, for people.
    detail: String,
    /// Fields of the request that are not as they must be (422).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Problems of the processes that were to be committed (422, `check-failed`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<CheckProblem>,
    /// The things that stand in the way (409), each with its id and name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocking: Vec<Blocking>,
    /// The line of the XML where reading it ended, from 1 (422 of a file that is no BPMN).
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The column in that line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

/// A thing that stands in the way of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Blocking {
    /// Its id: of a trigger, a resource, a branch or a commit.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

impl Blocking {
    /// The names of some, for a message: at most five.
    pub(crate) fn names(all: &[Blocking]) -> String {
        let named: Vec<String> = all.iter().take(5).map(|one| format!("“{}”", one.name)).collect();
        match all.len() {
            0..=5 => named.join(", "),
            more => format!("{} and {} more", named.join(", "), more - 5),
        }
    }
}

impl Problem {
    /// A refusal with this status, code and text.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let body = ProblemBody {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or("Error"),
            code,
            detail: detail.into(),
            ..ProblemBody::default()
        };
        Problem { status, body: Box::new(body), why: None, retry_after: None }
    }

    /// Unknown or somebody else's: the same bytes.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing here, or it is not yours.")
    }

    /// The request cannot be read.
    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail)
    }

    /// The state of things forbids it.
    pub(crate) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Fields are not as they must be.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.first() {
            Some(first) if errors.len() == 1 => format!("{}: {}", first.field, first.message),
            _ => format!("{} fields are not as they must be.", errors.len()),
        };
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-fields", detail);
        problem.body.errors = errors;
        problem
    }

    /// The credentials are good, but do not reach so far.
    pub(crate) fn forbidden(right: crate::access::Right) -> Self {
        let detail = format!("Your credentials do not have the right {}.", right.as_str());
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// One field is not as it must be.
    pub(crate) fn field(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.to_owned(), code, message: message.into() }])
    }

    /// Processes cannot be committed.
    pub(crate) fn check(problems: Vec<CheckProblem>) -> Self {
        let count = problems.iter().filter(|p| p.is_error()).count();
        let detail = match count {
            1 => "1 problem keeps this from being committed.".to_owned(),
            _ => format!("{count} problems keep this from being committed."),
        };
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "check-failed", detail);
        problem.body.errors =
            problems.iter().filter(|p| p.is_error()).map(CheckProblem::to_field_error).collect();
        problem.body.problems = problems;
        problem
    }

    /// A file that is no BPMN, with the place where reading it ended.
    pub(crate) fn unreadable_xml(e: &bpmn::ReadError) -> Self {
        let mut problem = Self::field("bpmn", "unreadable", e.to_string());
        (problem.body.line, problem.body.column) = e.position().unzip();
        problem
    }

    /// Somebody else changed it since the caller read it.
    pub(crate) fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "stale",
            "It was changed since you read it. Read it again, then repeat the change with its new ETag.",
        )
    }

    /// A fault of ours; the reason is for the log.
    pub(crate) fn internal(why: impl Into<String>) -> Self {
        let detail =
            "Something went wrong on our side. The log has the reason under this answer's x-request-id.";
        Self { why: Some(why.into()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail) }
    }

    /// A part that we need does not answer; the reason is for the log.
    pub(crate) fn unavailable(code: &'static str, detail: &str, why: impl Into<String>) -> Self {
        Self { why: Some(why.into()), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail) }
    }

    /// Everything it says, for the log or a terminal.
    pub(crate) fn reason(&self) -> String {
        let mut reason = self.body.detail.clone();
        for problem in &self.body.problems {
            reason.push_str(&format!("; {}", problem.to_field_error().message));
        }
        if let Some(why) = &self.why {
            reason.push_str(&format!("; {why}"));
        }
        reason
    }

    /// Names the things that stand in the way.
    pub(crate) fn blocked_by(mut self, blocking: Vec<Blocking>) -> Self {
        self.body.blocking = blocking;
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Some(why) = &self.why {
            tracing::error!(code = self.body.code, status = self.status.as_u16(), why, "a request failed");
        }
        let mut response = (self.status, Json(*self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(self.retry_after.unwrap_or(2)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"forebay\""));
        }
        response
    }
}

impl From<crate::key::NoRandomness> for Problem {
    fn from(e: crate::key::NoRandomness) -> Self {
        Problem::internal(e.to_string())
    }
}

impl From<crate::hooks::HookError> for Problem {
    fn from(e: crate::hooks::HookError) -> Self {
        let detail = "The change is stored, but not every gateway has confirmed it yet. Read the state before you rely on it.";
        Problem::unavailable("not-confirmed", detail, e.to_string())
    }
}
