use webhook::name::NameError;
use webhook::{CommitMessage, Description, ProjectName, ResourceName};

#[test]
fn resource_names() {
    for (text, stored) in [
        ("abc", "abc"),
        ("  Order-Webhook_1.0[a](b)  ", "Order-Webhook_1.0[a](b)"),
        ("Ünïcödé", "Ünïcödé"),
        ("U\u{308}ber", "Über"),
        ("注文通知", "注文通知"),
        ("आदेश", "आदेश"),
        ("٣٢١", "٣٢١"),
        (&"x".repeat(50), &"x".repeat(50)),
    ] {
        assert_eq!(ResourceName::parse(text).unwrap().as_str(), stored, "{text}");
    }
    for text in [
        "a b",
        "a\tb",
        "a/b",
        "a\"b",
        "a<b>",
        "abc😀",
        "a,b",
        "abc\0",
        "a\u{200b}bc",
        "½½½",
        "\u{301}abc",
        "a\u{202e}bc",
    ] {
        assert!(matches!(ResourceName::parse(text), Err(NameError::NotInName { .. })), "{text:?}");
    }
    for text in ["", "ab", "  ab  ", &"x".repeat(51)] {
        assert!(
            matches!(ResourceName::parse(text), Err(NameError::Length { least: 3, most: 50, .. })),
            "{text:?}"
        );
    }
    // Counted in characters after normalisation, not in bytes.
    assert!(ResourceName::parse(&"é".repeat(50)).is_ok());
    assert!(ResourceName::parse(&"e\u{301}".repeat(50)).is_ok());
}

#[test]
fn names_that_differ_in_case_only_are_equal_when_folded() {
    let folded = |text: &str| ResourceName::parse(text).unwrap().folded();
    assert_eq!(folded("Orders"), folded("oRDERS"));
    assert_eq!(folded("Straße"), folded("STRASSE"));
    assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
    assert_eq!(folded("ΟΔΟΣ"), folded("οδοσ"));
    assert_eq!(folded("Éclair"), folded("e\u{301}clair"));
    assert_ne!(folded("orders1"), folded("orders2"));
}

#[test]
fn messages_say_what_is_allowed() {
    let text = ResourceName::parse("a b").unwrap_err().to_string();
    assert!(text.contains("letters, digits") && text.contains("U+0020"), "{text}");
    assert!(ResourceName::parse("a/b").unwrap_err().to_string().contains("“/”"));
    assert_eq!(ResourceName::parse("ab").unwrap_err().to_string(), "must have 3 to 50 characters, but has 2");
    assert!(CommitMessage::parse("a\u{202e}").unwrap_err().to_string().contains("U+202E"));
}

#[test]
fn descriptions_messages_and_project_names() {
    assert_eq!(Description::parse("").unwrap().as_str(), "");
    assert_eq!(Description::parse(" two\nlines\tand more ").unwrap().as_str(), "two\nlines\tand more");
    assert!(Description::parse(&"x".repeat(500)).is_ok());
    assert!(Description::parse(&"x".repeat(501)).is_err());
    assert!(Description::parse("a\0").is_err());
    assert_eq!(CommitMessage::parse(" first commit 👩‍💻 ").unwrap().as_str(), "first commit 👩‍💻");
    assert!(CommitMessage::parse(&"x".repeat(200)).is_ok());
    for text in ["", "  ", "two\nlines", "bell\u{7}", "a\u{2028}x", &"x".repeat(201)] {
        assert!(CommitMessage::parse(text).is_err(), "{text:?}");
    }
    assert_eq!(ProjectName::parse(" My Project ").unwrap().as_str(), "My Project");
    assert!(ProjectName::parse(&"x".repeat(101)).is_err());
    assert!(ProjectName::parse("a\u{0}").is_err());
}
