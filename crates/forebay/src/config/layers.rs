//! The three layers, and the comparison with the first: a setting is known if the defaults have it.

use std::path::Path;

use figment::providers::{Env, Format, Toml};
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

/// Finds settings that the defaults do not have, and values of another type than theirs.
pub(super) fn compare_with_defaults(layers: &Figment, faults: &mut Faults) {
    let defaults = Figment::from(Toml::string(DEFAULTS));
    if let (Ok(given), Ok(known)) = (layers.data(), defaults.data()) {
        let (given, known) = (given.get(&Profile::Default), known.get(&Profile::Default));
        if let (Some(given), Some(known)) = (given, known) {
            compare("", given, known, faults);
        }
    }
}

fn compare(prefix: &str, given: &Dict, known: &Dict, faults: &mut Faults) {
    for (key, value) in given {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match (known.get(key), value) {
            (None, _) => faults.add(&name, &format!("there is no such setting{}", nearest(key, known))),
            (Some(Value::Dict(_, known)), Value::Dict(_, given)) => compare(&name, given, known, faults),
            (Some(default), value) if !same_type(default, value) => {
                faults.add(&name, &format!("must be {}, as in {}", words(default), shown(default)));
            }
            _ => {}
        }
    }
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
