//! Prints the API document: `cargo run -p console --example document > openapi.json`.
#![allow(clippy::print_stdout)]

fn main() {
    println!("{:#}", console::document());
}
