//! All SQL of Forebay.
