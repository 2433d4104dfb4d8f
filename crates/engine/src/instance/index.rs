//! Look-ups derived from the tokens: never stored, always rebuilt from them.

use std::collections::{BTreeMap, BTreeSet};

use super::Token;
use crate::lifecycle::{TokenState, Wait};

/// Which visits are in which scope, and which wait at which join by which flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Index {
    scopes: BTreeMap<u64, BTreeSet<u64>>,
    joins: BTreeMap<(u64, String), BTreeMap<String, BTreeSet<u64>>>,
}

/// The tokens that wait at one join, by the flow they came by.
#[derive(Clone, Copy)]
pub(crate) struct Arrivals<'a>(Option<&'a BTreeMap<String, BTreeSet<u64>>>);

impl Arrivals<'_> {
    /// The oldest that came by this flow.
    pub(crate) fn first_by(&self, flow: &str) -> Option<u64> {
        self.0?.get(flow)?.first().copied()
    }

    /// By how many flows other than this one some came.
    pub(crate) fn flows_beside(&self, flow: &str) -> usize {
        self.0.map_or(0, |by_flow| by_flow.len() - usize::from(by_flow.contains_key(flow)))
    }
}

impl Index {
    pub(super) fn of(tokens: &BTreeMap<u64, Token>) -> Self {
        let mut index = Self::default();
        for (&visit, token) in tokens {
            index.add(visit, token);
        }
        index
    }

    pub(super) fn add(&mut self, visit: u64, token: &Token) {
        self.scopes.entry(token.scope).or_default().insert(visit);
        if let Some((join, flow)) = arrival(token) {
            self.joins.entry(join).or_default().entry(flow).or_default().insert(visit);
        }
    }

    pub(super) fn remove(&mut self, visit: u64, token: &Token) {
        if let Some(inside) = self.scopes.get_mut(&token.scope) {
            inside.remove(&visit);
            if inside.is_empty() {
                self.scopes.remove(&token.scope);
            }
        }
        let Some((join, flow)) = arrival(token) else { return };
        let Some(by_flow) = self.joins.get_mut(&join) else { return };
        if let Some(visits) = by_flow.get_mut(&flow) {
            visits.remove(&visit);
            if visits.is_empty() {
                by_flow.remove(&flow);
            }
        }
        if by_flow.is_empty() {
            self.joins.remove(&join);
        }
    }

    pub(super) fn inside(&self, scope: u64) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.scopes.get(&scope).into_iter().flatten().copied()
    }

    pub(super) fn arrivals(&self, scope: u64, element: &str) -> Arrivals<'_> {
        Arrivals(self.joins.get(&(scope, element.to_owned())))
    }

    pub(super) fn waiting_joins(&self) -> impl Iterator<Item = u64> + '_ {
        self.joins.values().filter_map(|by_flow| by_flow.values().filter_map(BTreeSet::first).min().copied())
    }
}

fn arrival(token: &Token) -> Option<((u64, String), String)> {
    if token.state != TokenState::Waiting(Wait::Join) {
        return None;
    }
    Some(((token.scope, token.element.clone()), token.flow.clone().unwrap_or_default()))
}
