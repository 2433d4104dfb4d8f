//! An instance as JSON text and back. State and variables are two texts: a store keeps them in two
//! columns, and a list of instances never reads the second.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::index::Index;
use super::{Instance, Phase, Token, is_zero};
use crate::incident::Incident;
use crate::variables::{Variables, VariablesError};

/// Why stored texts are no instance.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The state text.
    #[error("stored state is not readable: {0}")]
    State(#[from] serde_json::Error),
    /// The variables text.
    #[error("stored variables are not readable: {0}")]
    Variables(#[from] VariablesError),
}

#[derive(Serialize)]
struct StateRef<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    visits: u64,
    #[serde(skip_serializing_if = "is_zero")]
    incident_numbers: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tokens: &'a BTreeMap<u64, Token>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    incidents: &'a BTreeMap<u64, Incident>,
}

#[derive(Deserialize)]
struct State {
    #[serde(default)]
    phase: Option<Phase>,
    visits: u64,
    #[serde(default)]
    incident_numbers: u64,
    #[serde(default)]
    tokens: BTreeMap<u64, Token>,
    #[serde(default)]
    incidents: BTreeMap<u64, Incident>,
    #[serde(default)]
    variables: Variables,
}

impl Instance {
    /// Everything but the variables, as JSON text.
    pub fn state_json(&self) -> String {
        let state = StateRef {
            phase: self.phase,
            visits: self.visits,
            incident_numbers: self.incident_numbers,
            tokens: &self.tokens,
            incidents: &self.incidents,
        };
        // Maps with number keys, texts and numbers: always serialisable.
        serde_json::to_string(&state).unwrap_or_default()
    }

    /// The instance of a [`Instance::state_json`] and a [`Variables::to_json`].
    ///
    /// # Errors
    /// Texts that were not written by these.
    pub fn restore(state: &str, variables: &str) -> Result<Self, RestoreError> {
        let mut instance = Self::from_json(state)?;
        instance.variables = Variables::from_json(variables)?;
        Ok(instance)
    }

    /// Everything, variables too, as one JSON text.
    ///
    /// # Errors
    /// None that is known: it is all texts and numbers.
    pub fn to_json(&self) -> Result<String, RestoreError> {
        Ok(serde_json::to_string(self)?)
    }

    /// The instance of a [`Instance::to_json`].
    ///
    /// # Errors
    /// A text that was not written by it.
    pub fn from_json(text: &str) -> Result<Self, RestoreError> {
        Ok(serde_json::from_str(text)?)
    }
}

impl<'de> Deserialize<'de> for Instance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let State { phase, visits, incident_numbers, tokens, incidents, variables } =
            State::deserialize(deserializer)?;
        let index = Index::of(&tokens);
        Ok(Instance { phase, visits, incident_numbers, tokens, incidents, variables, index })
    }
}
