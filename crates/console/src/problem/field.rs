//! Fields of a request that are not as they must be.

use serde::Serialize;
use utoipa::ToSchema;
use webhook::name::NameError;

use super::Problem;

/// One field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Its name in the body or query; `resources/0` for the first of a list; empty where the parser names none.
    pub(crate) field: String,
    /// What is wrong, for programs.
    pub(crate) code: &'static str,
    /// What is wrong and what is allowed, for people.
    pub(crate) message: String,
}

/// Collects what is wrong with all fields, so that a caller sees everything at once.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes a fault.
    pub(crate) fn add(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), code, message: message.into() });
    }

    /// Takes over the faults of a part, with its place in front of their fields.
    pub(crate) fn within(&mut self, place: &str, part: Fields) {
        let faults = part.0.into_iter();
        self.0.extend(faults.map(|fault| FieldError { field: format!("{place}/{}", fault.field), ..fault }));
    }

    /// The value of a field, or its fault noted.
    pub(crate) fn name<T>(&mut self, field: &str, parsed: Result<T, NameError>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(e) => {
                let code = match e {
                    NameError::Length { .. } => "length",
                    NameError::NotInName { .. } | NameError::NotPrintable { .. } => "characters",
                };
                self.add(field, code, e.to_string());
                None
            }
        }
    }

    /// `value` if no fault was noted.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Problem::fields(self.0)),
        }
    }
}
