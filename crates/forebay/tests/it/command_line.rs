//! `forebay` as typed.

use std::process::{Command, Output};

pub(crate) fn forebay(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_forebay"))
        .args(arguments)
        .env_remove("FOREBAY_CONFIG")
        .env_remove("FOREBAY_ADMIN_TOKEN")
        .env_remove("FOREBAY_SERVER")
        .env_remove("FOREBAY_TOKEN")
        .output()
        .unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_and_version_read_well() {
    let help = forebay(&["--help"]);
    assert!(help.status.success());
    let help = text(&help.stdout);
    for word in [
        "up",
        "run",
        "migrate",
        "check-config",
        "token",
        "sign-in-link",
        "url",
        "export",
        "import",
        "forebay up",
        "config.default.toml",
    ] {
        assert!(help.contains(word), "{word} is missing in:\n{help}");
    }
    let version = text(&forebay(&["--version"]).stdout);
    assert_eq!(version.trim(), format!("forebay {}", env!("CARGO_PKG_VERSION")));
    let up = text(&forebay(&["up", "--help"]).stdout);
    for word in ["--listen", "--data", "--no-sample", "127.0.0.1:8080", "./forebay-data"] {
        assert!(up.contains(word), "{word} is missing in:\n{up}");
    }
}

#[test]
fn a_wrong_word_is_refused_with_what_would_be_right() {
    let out = forebay(&["upp"]);
    assert!(!out.status.success());
    assert!(text(&out.stderr).contains("up"), "{}", text(&out.stderr));
}

#[test]
fn asking_a_folder_without_data_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nothing");
    for words in [vec!["token"], vec!["sign-in-link"], vec!["url", "orders"]] {
        let mut words = words;
        let data = data.to_str().unwrap();
        words.extend(["--data", data]);
        let out = forebay(&words);
        assert!(!out.status.success());
        let said = text(&out.stderr);
        assert!(said.contains("forebay up"), "{said}");
    }
    assert!(!data.exists(), "asking must not make a data folder");
}

#[test]
fn nobody_is_ready_on_a_folder_where_nobody_runs() {
    let folder = tempfile::tempdir().unwrap();
    let out = forebay(&["ready", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(75));
    assert!(text(&out.stderr).contains("no Forebay is running"), "{}", text(&out.stderr));
}
