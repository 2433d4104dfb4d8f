//! What a step asks of the world.

/// Something that the runner must do in the transaction of the step, or after it: a job, a timer, a
/// subscription, a message to publish. None of the elements that run today has an effect, so the
/// type has no value yet; runners match on it and are told by the compiler when one is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {}
