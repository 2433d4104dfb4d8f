//! Block-structured processes, and what they must do: a model of a few lines to hold the engine against.

use std::collections::BTreeMap;

use bpmn::model::Process;
use proptest::prelude::*;

use crate::build::Build;

#[derive(Clone, Debug)]
pub(crate) enum Block {
    Task,
    /// A script that throws: an incident.
    Fail,
    /// A script that throws as long as there is no variable `x`.
    Need,
    /// Runs the block so many times.
    Loop(u8, Box<Block>),
    Sequence(Vec<Block>),
    /// The branch taken, counted from the first; the last branch is the default.
    Exclusive(usize, Vec<Block>),
    Parallel(Vec<Block>),
    Sub(Box<Block>),
    /// A terminate end event; nothing comes after it.
    Terminate,
}

/// On average about two gateways and one level of nesting.
pub(crate) fn blocks(terminate: bool) -> impl Strategy<Value = Block> {
    let last = if terminate { Block::Terminate } else { Block::Task };
    let leaf = prop_oneof![
        8 => Just(Block::Task),
        1 => Just(Block::Fail),
        1 => Just(Block::Need),
        1 => Just(last)
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            several().prop_map(Block::Sequence),
            (0usize..4, several()).prop_map(|(at, all)| Block::Exclusive(at % all.len(), all)),
            several().prop_map(Block::Parallel),
            inner.clone().prop_map(|block| Block::Sub(Box::new(block))),
            (1u8..4, inner.clone()).prop_map(|(times, block)| Block::Loop(times, Box::new(block))),
        ]
    })
}

/// What a run leaves behind.
pub(crate) struct Expected {
    /// How often each task ran.
    pub(crate) counts: BTreeMap<String, u64>,
    /// True if the token of the block does not come out of it.
    pub(crate) fails: bool,
}

/// What is left when nothing moves any more; `fixed` if there was the variable that some scripts need.
pub(crate) fn expected(block: &Block, fixed: bool) -> Expected {
    let mut walk = Walk { names: Names::default(), counts: BTreeMap::new(), fixed };
    let fails = !walk.passes(block, true);
    Expected { counts: walk.counts, fails }
}

struct Walk {
    names: Names,
    counts: BTreeMap<String, u64>,
    fixed: bool,
}

impl Walk {
    /// Walks the block as [`built`] does, so that names agree. True if a token comes out.
    fn passes(&mut self, block: &Block, reached: bool) -> bool {
        match block {
            Block::Task => {
                *self.counts.entry(self.names.next("task")).or_default() += u64::from(reached);
                reached
            }
            Block::Fail => {
                self.names.next("fail");
                false
            }
            Block::Need => {
                self.names.next("need");
                reached && self.fixed
            }
            Block::Terminate => {
                self.names.next("terminate");
                false
            }
            Block::Sequence(all) => all.iter().fold(reached, |reached, one| self.passes(one, reached)),
            Block::Exclusive(taken, all) => {
                self.names.next("choice");
                let branches = all.iter().enumerate();
                branches.fold(false, |out, (at, one)| self.passes(one, reached && at == *taken) || out)
            }
            Block::Parallel(all) => {
                self.names.next("fork");
                all.iter().fold(reached, |out, one| self.passes(one, reached) && out)
            }
            Block::Sub(one) => {
                self.names.next("sub");
                self.passes(one, reached)
            }
            Block::Loop(times, one) => {
                self.names.next("loop");
                let begin = self.names.0;
                let mut out = self.passes(one, reached);
                for _ in 1..*times {
                    self.names.0 = begin;
                    out = self.passes(one, out);
                }
                out
            }
        }
    }
}

pub(crate) fn is_terminating(block: &Block) -> bool {
    match block {
        Block::Terminate => true,
        Block::Task | Block::Fail | Block::Need => false,
        Block::Sequence(all) | Block::Exclusive(_, all) | Block::Parallel(all) => {
            all.iter().any(is_terminating)
        }
        Block::Sub(one) | Block::Loop(_, one) => is_terminating(one),
    }
}

#[derive(Default)]
struct Names(usize);

impl Names {
    fn next(&mut self, kind: &str) -> String {
        self.0 += 1;
        format!("{kind}{}", self.0)
    }
}

/// The block between a start event and an end event.
pub(crate) fn built(block: &Block) -> Process {
    let mut names = Names::default();
    let build = Build::new().start("start");
    let (build, last) = add(build, block, &mut names, "start".into(), None);
    finish(build, last, "end").done()
}

fn finish(build: Build, last: Option<String>, id: &str) -> Build {
    match last {
        Some(last) => build.end(id).flow(&format!("{last}>{id}")),
        None => build,
    }
}

/// Adds a block after `from`, by a flow with `condition`; gives the element that its token comes out of.
fn add(
    build: Build,
    block: &Block,
    names: &mut Names,
    from: String,
    condition: Option<&str>,
) -> (Build, Option<String>) {
    let link = |build: Build, id: &str| match condition {
        Some(condition) => build.when(&format!("{from}>{id}"), condition),
        None => build.flow(&format!("{from}>{id}")),
    };
    match block {
        Block::Task => {
            let id = names.next("task");
            (link(build.script(&id, &format!("count {id}")), &id), Some(id))
        }
        Block::Fail => {
            let id = names.next("fail");
            (link(build.script(&id, "throw"), &id), Some(id))
        }
        Block::Need => {
            let id = names.next("need");
            (link(build.script(&id, "need x"), &id), Some(id))
        }
        Block::Loop(times, one) => {
            let id = names.next("loop");
            let (again, more) = (format!("again-{id}"), format!("more-{id}"));
            // The counter begins anew each time that the loop is entered.
            let reset = format!("reset-{id}");
            let build = link(build.script(&reset, &format!("{{\"{id}\":0}}")), &reset);
            let build = build.exclusive(&again).flow(&format!("{reset}>{again}"));
            let (build, last) = add(build, one, names, again.clone(), None);
            let Some(last) = last else { return (build, None) };
            let build = build.script(&id, &format!("count {id}")).flow(&format!("{last}>{id}"));
            let build = build.exclusive(&more).flow(&format!("{id}>{more}"));
            (build.when(&format!("{more}>{again}"), &format!("{id}<{times}")), Some(more))
        }
        Block::Terminate => {
            let id = names.next("terminate");
            (link(build.terminate(&id), &id), None)
        }
        Block::Sequence(all) => sequence(build, all, names, from.clone(), condition),
        Block::Exclusive(taken, all) => {
            let id = names.next("choice");
            let merge = format!("merge-{id}");
            let mut build = link(build.exclusive(&id), &id).exclusive(&merge);
            for (at, one) in all.iter().enumerate() {
                let truth = if at == *taken { "true" } else { "false" };
                // A task before each branch gives every flow an id of its own.
                let (next, last) = add(build, one, names, id.clone(), Some(truth));
                build = onward(next, last, &merge);
            }
            (build, Some(merge))
        }
        Block::Parallel(all) => {
            let id = names.next("fork");
            let join = format!("join-{id}");
            let mut build = link(build.parallel(&id), &id).parallel(&join);
            for one in all {
                let (next, last) = add(build, one, names, id.clone(), None);
                build = onward(next, last, &join);
            }
            (build, Some(join))
        }
        Block::Sub(one) => {
            let id = names.next("sub");
            let begin = format!("begin-{id}");
            let build = link(build.open(&id).close(), &id).reopen(&id).start(&begin);
            let (build, last) = add(build, one, names, begin, None);
            (finish(build, last, &format!("finish-{id}")).close(), Some(id))
        }
    }
}

/// The parts of a sequence that can be reached, one after the other; names are used up for the others too.
fn sequence(
    build: Build,
    all: &[Block],
    names: &mut Names,
    from: String,
    condition: Option<&str>,
) -> (Build, Option<String>) {
    let (mut build, mut from, mut condition) = (build, Some(from), condition);
    for one in all {
        let before = from.take().unwrap_or_else(|| "nowhere".to_owned());
        let (next, last) = add(build, one, names, before, condition.take());
        build = next;
        from = last;
    }
    (build, from)
}

fn onward(build: Build, last: Option<String>, to: &str) -> Build {
    match last {
        Some(last) => build.flow(&format!("{last}>{to}")),
        None => build,
    }
}
