//! What the prelude gets from Rust: variables, time and chance.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use engine::Variables;
use rquickjs::{Ctx, Exception, Function, Object, Value};

use crate::budget::Budget;

/// State that native functions and the sandbox share.
pub(super) struct Shared {
    pub(super) budget: Budget,
    pub(super) now: Cell<i64>,
    pub(super) random: Cell<u64>,
    bound: RefCell<Vec<Bound>>,
}

/// A variable as the context knows it. Holding the text keeps its address from being used again.
struct Bound {
    name: Arc<str>,
    text: Arc<str>,
    read: bool,
}

/// What the context must be told about new variables.
pub(super) enum Change {
    /// Other names: all of them, in order.
    Names(Vec<String>),
    /// The same names; the texts of these were parsed and are old.
    Texts(Vec<Arc<str>>),
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            budget: Budget::new(),
            now: Cell::new(0),
            random: Cell::new(0),
            bound: RefCell::new(Vec::new()),
        }
    }

    /// Takes `variables` as the present ones.
    pub(super) fn rebind(&self, variables: &Variables) -> Change {
        let mut bound = self.bound.borrow_mut();
        let same = bound.len() == variables.len()
            && bound.iter().zip(variables.iter()).all(|(bound, (name, _))| bound.name == *name);
        if !same {
            *bound = variables
                .iter()
                .map(|(name, text)| Bound { name: Arc::clone(name), text: Arc::clone(text), read: false })
                .collect();
            return Change::Names(bound.iter().map(|bound| (*bound.name).to_owned()).collect());
        }
        let mut stale = Vec::new();
        for (bound, (_, text)) in bound.iter_mut().zip(variables.iter()) {
            if Arc::ptr_eq(&bound.text, text) {
                continue;
            }
            bound.text = Arc::clone(text);
            if std::mem::take(&mut bound.read) {
                stale.push(Arc::clone(&bound.name));
            }
        }
        Change::Texts(stale)
    }

    /// Bytes of the texts of the present variables.
    pub(super) fn bytes(&self) -> usize {
        self.bound.borrow().iter().map(|bound| bound.text.len()).sum()
    }

    /// The text of a variable, which is about to be parsed.
    fn text(&self, name: &str) -> Arc<str> {
        let mut bound = self.bound.borrow_mut();
        match bound.iter_mut().find(|bound| *bound.name == *name) {
            Some(bound) => {
                bound.read = true;
                Arc::clone(&bound.text)
            }
            None => Arc::from("null"),
        }
    }

    /// The next number of SplitMix64 (Steele, Lea, Flood 2014), as a fraction of 53 bits.
    fn random(&self) -> f64 {
        let state = self.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.random.set(state);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The object that the prelude is called with.
pub(super) fn natives<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Object<'js>> {
    let natives = Object::new(ctx.clone())?;
    let state = Rc::clone(shared);
    let plain = move |ctx: Ctx<'js>, name: String| -> rquickjs::Result<Value<'js>> {
        state.budget.pause(true);
        let text = state.text(&name);
        if has_big_integer(&text) { Ok(Value::new_undefined(ctx)) } else { ctx.json_parse(text.as_bytes()) }
    };
    natives.set("plain", Function::new(ctx.clone(), plain)?)?;
    let state = Rc::clone(shared);
    natives.set("text", Function::new(ctx.clone(), move |name: String| state.text(&name).to_string())?)?;
    let state = Rc::clone(shared);
    natives.set("loaded", Function::new(ctx.clone(), move || state.budget.pause(false))?)?;
    let state = Rc::clone(shared);
    let charge = move |ctx: Ctx<'js>| match state.budget.is_over() {
        true => Err(Exception::throw_internal(&ctx, "interrupted")),
        false => Ok(()),
    };
    natives.set("charge", Function::new(ctx.clone(), charge)?)?;
    let state = Rc::clone(shared);
    natives.set("now", Function::new(ctx.clone(), move || state.now.get() as f64)?)?;
    let state = Rc::clone(shared);
    natives.set("random", Function::new(ctx.clone(), move || state.random())?)?;
    Ok(natives)
}

/// True if JSON text holds a run of 16 or more digits outside a string: only then may an integer be
/// beyond 2^53 − 1, and only then is the slow way of parsing taken.
fn has_big_integer(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut digits) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                digits = 0;
                at += 1;
                while let Some(&inner) = bytes.get(at) {
                    match inner {
                        b'"' => break,
                        b'\\' => at += 2,
                        _ => at += 1,
                    }
                }
            }
            b'0'..=b'9' => {
                digits += 1;
                if digits == 16 {
                    return true;
                }
            }
            _ => digits = 0,
        }
        at += 1;
    }
    false
}
