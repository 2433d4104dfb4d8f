//! JSON as a test sees it: atoms as text, objects with unescaped keys. Slow and plain, to compare with.

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Json {
    Atom(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Keys as written; of duplicates the last one stays.
    pub(crate) fn object(members: Vec<(String, Json)>) -> Json {
        let mut kept: Vec<(String, Json)> = Vec::new();
        for (key, value) in members {
            let key = plain(&key);
            kept.retain(|(old, _)| *old != key);
            kept.push((key, value));
        }
        Json::Object(kept)
    }

    pub(crate) fn merged(self, patch: Json) -> Json {
        match (self, patch) {
            (Json::Object(mut base), Json::Object(patch)) => {
                for (key, new) in patch {
                    match base.iter_mut().find(|(old, _)| *old == key) {
                        Some((_, old)) => *old = old.clone().merged(new),
                        None => base.push((key, new)),
                    }
                }
                Json::Object(base)
            }
            (_, patch) => patch,
        }
    }

    /// Without the order of members.
    pub(crate) fn sorted(self) -> Json {
        match self {
            Json::Object(members) => {
                let mut members: Vec<_> =
                    members.into_iter().map(|(key, value)| (key, value.sorted())).collect();
                members.sort();
                Json::Object(members)
            }
            Json::Array(items) => Json::Array(items.into_iter().map(Json::sorted).collect()),
            atom => atom,
        }
    }

    /// Every pointer into the value, with what it finds.
    pub(crate) fn pointers(&self) -> Vec<(String, Json)> {
        let mut all = vec![(String::new(), self.clone())];
        let inner: Vec<(String, &Json)> = match self {
            Json::Atom(_) => vec![],
            Json::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
            Json::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        };
        for (token, value) in inner {
            all.extend(value.pointers().into_iter().map(|(rest, found)| (format!("/{token}{rest}"), found)));
        }
        all
    }
}

pub(crate) fn written(value: &Json, blank: &str) -> String {
    let list = |parts: Vec<String>| parts.join(&format!("{blank},{blank}"));
    match value {
        Json::Atom(text) => text.clone(),
        Json::Array(items) => {
            format!("[{blank}{}{blank}]", list(items.iter().map(|item| written(item, blank)).collect()))
        }
        Json::Object(members) => {
            let member = |(key, value): &(String, Json)| {
                format!("{}{blank}:{blank}{}", serde_json::to_string(key).unwrap(), written(value, blank))
            };
            format!("{{{blank}{}{blank}}}", list(members.iter().map(member).collect()))
        }
    }
}

pub(crate) fn parse(text: &str) -> Json {
    let (value, rest) = value(text.trim());
    assert_eq!(rest.trim(), "");
    value
}

fn value(text: &str) -> (Json, &str) {
    match text.as_bytes()[0] {
        b'{' => members(&text[1..], vec![]),
        b'[' => items(&text[1..], vec![]),
        b'"' => {
            let end = string_end(text);
            (Json::Atom(text[..end].to_owned()), &text[end..])
        }
        _ => {
            let end = text.find([',', ']', '}', ' ', '\n', '\t']).unwrap_or(text.len());
            (Json::Atom(text[..end].to_owned()), &text[end..])
        }
    }
}

fn members(text: &str, mut all: Vec<(String, Json)>) -> (Json, &str) {
    let text = text.trim_start_matches([' ', '\n', '\t', ',']);
    if let Some(rest) = text.strip_prefix('}') {
        return (Json::object(all), rest);
    }
    let end = string_end(text);
    let after = text[end..].trim_start().strip_prefix(':').unwrap().trim_start();
    let (found, rest) = value(after);
    all.push((text[1..end - 1].to_owned(), found));
    members(rest, all)
}

fn items(text: &str, mut all: Vec<Json>) -> (Json, &str) {
    let text = text.trim_start_matches([' ', '\n', '\t', ',']);
    if let Some(rest) = text.strip_prefix(']') {
        return (Json::Array(all), rest);
    }
    let (found, rest) = value(text);
    all.push(found);
    items(rest, all)
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A key without its escapes; as written if it holds a lone surrogate.
fn plain(key: &str) -> String {
    serde_json::from_str(&format!("\"{key}\"")).unwrap_or_else(|_| key.to_owned())
}
