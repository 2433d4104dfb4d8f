//! Entries as lines of a file that people open in other programs.

use store::audit::Entry;

use super::AuditEntry;
use crate::clock;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object a line.
    Ndjson,
    /// RFC 4180 with a head line.
    Csv,
}

impl Format {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Format::Ndjson => "application/x-ndjson",
            Format::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    pub(super) fn file_name(self) -> &'static str {
        match self {
            Format::Ndjson => "attachment; filename=\"audit.ndjson\"",
            Format::Csv => "attachment; filename=\"audit.csv\"",
        }
    }

    /// What stands before the first entry.
    pub(super) fn head(self) -> &'static str {
        match self {
            Format::Ndjson => "",
            Format::Csv => {
                "id,at,projectId,userId,email,tokenId,sessionId,action,target,detail,sourceAddress,requestId\r\n"
            }
        }
    }

    /// The line of an entry, with its end.
    pub(super) fn line(self, entry: Entry) -> String {
        match self {
            Format::Ndjson => {
                let mut line = serde_json::to_string(&AuditEntry::from(entry)).unwrap_or_default();
                line.push('\n');
                line
            }
            Format::Csv => csv(entry),
        }
    }
}

fn csv(entry: Entry) -> String {
    let fields = [
        Some(entry.id),
        Some(clock::show(entry.at)),
        entry.project_id,
        entry.user_id,
        entry.email,
        entry.token_id,
        entry.session_id,
        Some(entry.action),
        Some(entry.target),
        Some(entry.detail),
        entry.source_address,
        entry.request_id,
    ];
    let fields: Vec<String> = fields.into_iter().map(|text| cell(&text.unwrap_or_default())).collect();
    fields.join(",") + "\r\n"
}

/// A quoted cell on one line. What a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV
/// injection); control characters and line ends are written out, so that no entry can look like two.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 2);
    cell.push('"');
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        cell.push('\'');
    }
    for character in text.chars() {
        match character {
            '"' => cell.push_str("\"\""),
            '\n' => cell.push_str("\\n"),
            '\r' => cell.push_str("\\r"),
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') =>
            {
                cell.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => cell.push(c),
        }
    }
    cell.push('"');
    cell
}
