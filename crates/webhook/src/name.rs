//! Names and texts that people give to things.

use std::fmt;

use unicode_general_category::{GeneralCategory as Category, get_general_category};
use unicode_normalization::UnicodeNormalization as _;

/// Why a text is refused as a name, description or message. Each message says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Too short or too long, counted in Unicode characters after NFC and trimming.
    #[error("must have {least} to {most} characters, but has {found}")]
    Length {
        /// The fewest characters allowed.
        least: usize,
        /// The most characters allowed.
        most: usize,
        /// The characters found.
        found: usize,
    },
    /// A character that a resource name may not have.
    #[error("may have only letters, digits and [ ] ( ) . _ -, without spaces, but has {}", show(*found))]
    NotInName {
        /// The first such character.
        found: char,
    },
    /// A character that cannot be seen or that changes how the text around it is shown.
    #[error("may have only printable characters, but has {}", show(*found))]
    NotPrintable {
        /// The first such character.
        found: char,
    },
}

fn show(character: char) -> String {
    if printable(character) && character != ' ' {
        format!("“{character}”")
    } else {
        format!("U+{:04X}", u32::from(character))
    }
}

/// The name of a data source or a process definition: 3 to 50 characters after NFC and trimming; Unicode
/// letters (with the marks that belong to them) and digits, `[ ] ( ) . _ -`, no space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceName(String);

impl ResourceName {
    /// Checks and normalises a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = normal(text);
        let mut after_letter = false;
        for character in text.chars() {
            let category = get_general_category(character);
            let letter = is_letter(category) || (after_letter && is_mark(category));
            if !letter && category != Category::DecimalNumber && !"[]().-_".contains(character) {
                return Err(NameError::NotInName { found: character });
            }
            after_letter = letter;
        }
        within(text, 3, 50).map(Self)
    }

    /// The name as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two names that differ only in case are equal; unique in each branch snapshot.
    pub fn folded(&self) -> String {
        // Upper case first: `ß` and `SS`, `ς` and `σ` meet there.
        self.0.to_uppercase().to_lowercase().nfc().collect()
    }
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a project: 1 to 100 printable characters after NFC and trimming.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectName(String);

impl ProjectName {
    /// Checks and normalises a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        line(text, 1, 100).map(Self)
    }

    /// The name as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The description of a resource: at most 500 characters after NFC and trimming, printable or line breaks and
/// tabs. May be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// Checks and normalises a description.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = normal(text);
        match text.chars().find(|c| !printable(*c) && !matches!(c, '\n' | '\r' | '\t')) {
            Some(found) => Err(NameError::NotPrintable { found }),
            None => within(text, 0, 500).map(Self),
        }
    }

    /// The description as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The message of a commit: 1 to 200 printable characters after NFC and trimming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitMessage(String);

impl CommitMessage {
    /// Checks and normalises a message.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        line(text, 1, 200).map(Self)
    }

    /// The message as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn line(text: &str, least: usize, most: usize) -> Result<String, NameError> {
    let text = normal(text);
    match text.chars().find(|c| !printable(*c)) {
        Some(found) => Err(NameError::NotPrintable { found }),
        None => within(text, least, most),
    }
}

fn normal(text: &str) -> String {
    text.trim().nfc().collect()
}

fn within(text: String, least: usize, most: usize) -> Result<String, NameError> {
    let found = text.chars().count();
    if (least..=most).contains(&found) { Ok(text) } else { Err(NameError::Length { least, most, found }) }
}

fn is_letter(category: Category) -> bool {
    matches!(
        category,
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
    )
}

fn is_mark(category: Category) -> bool {
    matches!(category, Category::NonspacingMark | Category::SpacingMark)
}

/// Not a control, line break, private or direction-changing character. The two joiners are let through: Persian
/// and Indic words and many emoji are spelled with them.
fn printable(character: char) -> bool {
    match get_general_category(character) {
        Category::Format => matches!(character, '\u{200C}' | '\u{200D}'),
        Category::Control
        | Category::LineSeparator
        | Category::ParagraphSeparator
        | Category::PrivateUse
        | Category::Surrogate => false,
        _ => true,
    }
}
