//! Tests of `forebay`.
