//! Lists: limits, cursors, the envelope, and the filters' common texts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use store::Page;
use store::view::Span;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// The longest text of a filter, in bytes.
const MAX_FILTER: usize = 512;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct List<T> {
    /// The items, at most as many as the limit.
    pub(crate) items: Vec<T>,
    /// Where the next page begins; `null` on the last page.
    #[schema(required)]
    pub(crate) next_cursor: Option<String>,
}

impl<T> List<T> {
    /// The whole list on one page.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        List { items, next_cursor: None }
    }

    /// A page of the store.
    pub(crate) fn of(page: Page<T>) -> Self {
        let next_cursor = page.next.map(|cursor| URL_SAFE_NO_PAD.encode(cursor.0));
        List { items: page.items, next_cursor }
    }
}

/// The parameters of every list.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(crate) limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    pub(crate) cursor: Option<String>,
}

/// How much, from where.
#[derive(Debug)]
pub(crate) struct Paging {
    pub(crate) limit: u32,
    pub(crate) after: Option<String>,
}

impl Paging {
    /// Checks the parameters of a list.
    pub(crate) fn of(limit: Option<u32>, cursor: Option<&str>) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::field("limit", "range", "must be 1 to 200"));
        }
        let after = cursor.map(decode).transpose()?;
        Ok(Paging { limit, after })
    }

    /// The place to go on from, or the given beginning.
    pub(crate) fn after_or<'a>(&'a self, beginning: &'a str) -> &'a str {
        self.after.as_deref().unwrap_or(beginning)
    }

    /// The limit for the store.
    pub(crate) fn rows(&self) -> i64 {
        i64::from(self.limit)
    }

    /// Makes a page of rows that were selected with one too many.
    pub(crate) fn cut<T>(&self, rows: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        Page::cut(rows, self.limit as usize, key)
    }
}

impl ListQuery {
    /// Checks the parameters.
    pub(crate) fn paging(&self) -> Result<Paging, Problem> {
        Paging::of(self.limit, self.cursor.as_deref())
    }
}

pub(crate) fn bad_cursor() -> Problem {
    Problem::field("cursor", "unknown", "is not a nextCursor of this list; begin without one")
}

fn decode(cursor: &str) -> Result<String, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    let text = String::from_utf8(bytes).map_err(|_| bad_cursor())?;
    if text.is_empty() || text.chars().any(char::is_control) { Err(bad_cursor()) } else { Ok(text) }
}

/// A filter's text: something that no row holds is an empty list, something that no row can hold is refused.
pub(crate) fn filter(field: &str, value: Option<String>) -> Result<Option<String>, Problem> {
    match value {
        Some(text) if text.len() > MAX_FILTER || text.chars().any(char::is_control) => {
            Err(Problem::field(field, "characters", "must be at most 512 bytes, without control characters"))
        }
        other => Ok(other),
    }
}

/// A filter with a fixed set of values.
pub(crate) fn one_of(
    field: &str,
    value: Option<String>,
    allowed: &[&str],
) -> Result<Option<String>, Problem> {
    match value {
        Some(text) if !allowed.contains(&text.as_str()) => {
            Err(Problem::field(field, "unknown", format!("must be one of {}", allowed.join(", "))))
        }
        other => Ok(other),
    }
}

/// A filter with some of a fixed set of values, with commas between them; empty: nothing was asked for.
pub(crate) fn some_of(field: &str, value: Option<String>, allowed: &[&str]) -> Result<Vec<String>, Problem> {
    let Some(text) = value else { return Ok(Vec::new()) };
    let mut words: Vec<String> = text.split(',').map(str::to_owned).collect();
    words.sort();
    words.dedup();
    if words.iter().all(|word| allowed.contains(&word.as_str())) {
        return Ok(words);
    }
    let message = format!("must be one or more of {}, with commas between them", allowed.join(", "));
    Err(Problem::field(field, "unknown", message))
}

/// A span of time of two RFC 3339 texts, each with its field.
pub(crate) fn span_of(from: (&str, Option<String>), to: (&str, Option<String>)) -> Result<Span, Problem> {
    Ok(Span { from: time(from.0, from.1.as_deref())?, to: time(to.0, to.1.as_deref())? })
}

/// A span of time of two RFC 3339 texts.
pub(crate) fn span(from: Option<&str>, to: Option<&str>) -> Result<Span, Problem> {
    Ok(Span { from: time("from", from)?, to: time("to", to)? })
}

fn time(field: &str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let parsed = webhook::timestamp::parse(text);
    parsed
        .map(Some)
        .ok_or_else(|| Problem::field(field, "time", "must be a time of RFC 3339: 2026-03-23T15:30:00.000Z"))
}
