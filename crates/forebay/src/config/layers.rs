//! The three layers, and the comparison with the first: a setting is known if the defaults have it.

use std::path::Path;

use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile};

use super::Faults;

const DEFAULTS: &str = include_str!("../../../../config.default.toml");

/// Reads all layers. A file that is not there or is not TOML is a fault of its own.
pub(super) fn read(file: Option<&Path>) -> Result<Figment, Faults> {
    let mut layers = Figment::from(Toml::string(DEFAULTS));
    if let Some(file) = file {
        let mut faults = Faults::default();
        match std::fs::read_to_string(file) {
            Ok(text) => {
                if let Err(e) = text.parse::<toml::Table>() {
                    faults.add("", &format!("{} is not TOML: {}", file.display(), e.to_string().trim()));
                }
                layers = layers.merge(Toml::string(&text));
            }
            Err(e) => faults.add("", &format!("{} cannot be read: {e}", file.display())),
        }
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    Ok(layers.merge(variables()))
}

/// `FOREBAY_LISTEN`, `FOREBAY_GATEWAY__BODY_TIMEOUT_MS`: two underscores go one level down. A name with two
/// underscores is meant for us and must be known; others may belong to somebody else's script.
fn variables() -> Env {
    let known = top_level();
    Env::prefixed("FOREBAY_")
        .filter(move |key| key.as_str().contains("__") || known.contains(&key.as_str().to_lowercase()))
        .split("__")
}

fn top_level() -> Vec<String> {
    let table = DEFAULTS.parse::<toml::Table>().unwrap_or_default();
    table.iter().filter(|(_, value)| !value.is_table()).map(|(key, _)| key.clone()).collect()
}

/// The typed configuration, with the default in the place of every value that is at fault, so that the others can be
/// judged as well. `None` where there is no way to go on.
pub(super) fn extract(layers: &Figment, faults: &mut Faults) -> Option<super::Config> {
    let defaults = table(&Figment::from(Toml::string(DEFAULTS)), faults)?;
    let mut given = table(layers, faults)?;
    compare("", &mut given, &defaults, faults);
    loop {
        let error = match Figment::from(Serialized::globals(&given)).extract::<super::Config>() {
            Ok(config) => return Some(config),
            Err(error) => error,
        };
        for one in error {
            faults.add(&one.path.join("."), &said(&one.kind));
            if !put_back(&mut given, &defaults, &one.path) {
                return None;
            }
        }
    }
}

fn table(layers: &Figment, faults: &mut Faults) -> Option<Dict> {
    match layers.data() {
        Ok(mut data) => Some(data.remove(&Profile::Default).unwrap_or_default()),
        Err(error) => {
            for one in error {
                faults.add(&one.path.join("."), &one.kind.to_string());
            }
            None
        }
    }
}

/// Puts the default in the place of a value, or of what it stands in. Whether that changed anything.
fn put_back(given: &mut Dict, defaults: &Dict, path: &[String]) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    let Some(default) = defaults.get(first) else { return false };
    if let (Some(Value::Dict(_, given)), Value::Dict(_, defaults)) = (given.get_mut(first), default)
        && put_back(given, defaults, rest)
    {
        return true;
    }
    given.insert(first.clone(), default.clone()).as_ref() != Some(default)
}

/// What is wrong with a value, without the words of the language that this is written in.
fn said(kind: &Kind) -> String {
    let wanted = match kind {
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => wanted.as_str(),
        other => return other.to_string(),
    };
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "must be a whole number, 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "must be a whole number".to_owned(),
        _ => kind.to_string(),
    }
}

/// Names variables that are meant for us and that nothing reads: a slip of the finger, or a section without its setting.
pub(super) fn judge_variables(faults: &mut Faults) {
    let table = DEFAULTS.parse::<toml::Table>().unwrap_or_default();
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        let Some(key) = name.strip_prefix("FOREBAY_").map(str::to_lowercase) else { continue };
        match table.get(&key) {
            _ if key.contains("__") => {}
            Some(toml::Value::Table(_)) => {
                faults.add(name, &format!("is a section: write {name}__ and the name of a setting in it"));
            }
            Some(_) => {}
            None => {
                let near = table.keys().find(|known| strsim::damerau_levenshtein(known, &key) <= SLIP);
                if let Some(known) = near {
                    let meant = known.to_uppercase();
                    faults.add(name, &format!("there is no such variable; did you mean FOREBAY_{meant}?"));
                }
            }
        }
    }
}

/// Letters that a slip of the finger changes.
const SLIP: usize = 1;

/// Takes settings out that the defaults do not have, and puts the default in the place of values of another type.
fn compare(prefix: &str, given: &mut Dict, known: &Dict, faults: &mut Faults) {
    given.retain(|key, value| {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let Some(default) = known.get(key) else {
            faults.add(&name, &format!("there is no such setting{}", nearest(key, known)));
            return false;
        };
        if let (Value::Dict(_, known), Value::Dict(_, given)) = (default, &mut *value) {
            compare(&name, given, known, faults);
        } else if let Some(text) = text_variable(&name, default, value) {
            // a password of digits is a text all the same
            *value = Value::from(text);
        } else if !same_type(default, value) {
            faults.add(&name, &format!("must be {}, as in {}", words(default), shown(default)));
            *value = default.clone();
        }
        true
    });
}

/// What a variable says of a setting that is a text, where it was taken for a number or for true or false.
fn text_variable(name: &str, default: &Value, value: &Value) -> Option<String> {
    let is_taken = matches!(value, Value::Num(..) | Value::Bool(..)) && matches!(default, Value::String(..));
    let variable = || std::env::var(format!("FOREBAY_{}", name.replace('.', "__").to_uppercase())).ok();
    is_taken.then(variable).flatten()
}

use figment::Provider;

fn same_type(a: &Value, b: &Value) -> bool {
    matches!(
        (a, b),
        (Value::String(..), Value::String(..))
            | (Value::Bool(..), Value::Bool(..))
            | (Value::Num(..), Value::Num(..))
            | (Value::Array(..), Value::Array(..))
            | (Value::Dict(..), Value::Dict(..))
    )
}

fn words(value: &Value) -> &'static str {
    match value {
        Value::String(..) => "a text",
        Value::Bool(..) => "true or false",
        Value::Num(..) => "a number",
        Value::Array(..) => "a list",
        _ => "a table",
    }
}

fn shown(default: &Value) -> String {
    match default {
        Value::String(_, text) => format!("{text:?}"),
        Value::Bool(_, value) => value.to_string(),
        Value::Num(_, number) => number.to_i128().map_or_else(|| "1.5".to_owned(), |n| n.to_string()),
        _ => "config.default.toml".to_owned(),
    }
}

/// A hint for a slip of the finger: a known name that shares a beginning or an end.
fn nearest(key: &str, known: &Dict) -> String {
    let shared = |other: &String| {
        let at_start = key.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let at_end = key.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
        (at_start + at_end, at_start.max(at_end) * 2 >= key.len().max(other.len()))
    };
    let best = known.keys().map(|name| (shared(name), name)).filter(|((_, near), _)| *near).max();
    best.map_or_else(String::new, |(_, name)| format!("; did you mean {name}?"))
}
