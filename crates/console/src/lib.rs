//! The JSON API of the console.
