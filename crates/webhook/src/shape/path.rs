//! How a script and a JSON pointer name a member.

/// A reference token of RFC 6901.
pub fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A member as a script reads it: `.name`, or `["odd name"]`.
pub fn script_member(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let first = name.chars().next();
    let is_name =
        first.is_some_and(|c| !c.is_ascii_digit()) && name.chars().all(plain) && name != "__proto__";
    if is_name {
        return format!(".{name}");
    }
    let mut quoted = String::from("[");
    crate::json::write_string(&mut quoted, name);
    quoted.push(']');
    quoted
}
