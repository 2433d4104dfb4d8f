//! One context: a frozen realm, the compiled programs of one process version, and its variables.

mod fault;
mod natives;

use std::collections::HashMap;
use std::rc::Rc;

use engine::{Place, Program, ScriptError, ScriptFault, Variables};
use rquickjs::context::EvalOptions;
use rquickjs::function::This;
use rquickjs::{Context, Ctx, Function, Object, Persistent, Runtime, Value};

use crate::limits::Limits;
use crate::source::Form;
use crate::syntax;
use natives::Shared;

pub(crate) use fault::broken;

const PRELUDE: &str = include_str!("sandbox/prelude.js");
/// The file name of programs in stacks; the prelude has another, so that its lines are not taken for theirs.
pub(crate) const FILE: &str = "program.js";

/// Bytes of variables' texts that a context may go on holding when its step is over. Parsed they take up to a hundred times
/// as much.
const HEAVY: usize = 64 << 10;

type Fn = Persistent<Function<'static>>;

/// The order of the fields is the order of dropping: values before the context that they live in.
pub(crate) struct Sandbox {
    programs: HashMap<Place, Fn>,
    host: Host,
    context: Context,
    runtime: Runtime,
    shared: Rc<Shared>,
}

/// What the prelude gives.
struct Host {
    scope: Persistent<Object<'static>>,
    bind: Fn,
    forget: Fn,
    condition: Fn,
    run: Fn,
    explain: Fn,
}

/// What a program gave, before it is read as a condition or an output.
pub(crate) enum Answer {
    Bool(bool),
    Nothing,
    Text(String),
}

impl Answer {
    pub(crate) fn into_bool(self) -> Result<bool, ScriptError> {
        let message = match self {
            Answer::Bool(value) => return Ok(value),
            Answer::Nothing => "the value is undefined".to_owned(),
            Answer::Text(why) => why,
        };
        Err(ScriptError { fault: ScriptFault::NotBoolean, message, line: None, column: None })
    }

    pub(crate) fn into_output(self) -> Result<Option<String>, ScriptError> {
        match self {
            Answer::Text(text) => match text.strip_prefix('!') {
                Some(why) => Err(fault::output(why)),
                None => Ok(Some(text)),
            },
            Answer::Nothing => Ok(None),
            Answer::Bool(_) => Err(fault::output("output is a boolean")),
        }
    }
}

impl Sandbox {
    pub(crate) fn new(limits: &Limits) -> Result<Self, ScriptError> {
        let runtime = Runtime::new().map_err(|error| broken(&error.to_string()))?;
        runtime.set_memory_limit(limits.heap_bytes);
        runtime.set_max_stack_size(limits.stack_bytes);
        let shared = Rc::new(Shared::new());
        let clock = Rc::clone(&shared);
        runtime.set_interrupt_handler(Some(Box::new(move || clock.budget.tick())));
        let context = Context::full(&runtime).map_err(|error| broken(&error.to_string()))?;
        // The prelude is ours and short; its time is nobody's.
        shared.budget.begin(&Limits { script_ticks: u32::MAX, ..limits.clone() }, u32::MAX);
        let host =
            context.with(|ctx| Host::new(&ctx, &shared).map_err(|error| fault::internal(&ctx, &error)))?;
        Ok(Self { programs: HashMap::new(), host, context, runtime, shared })
    }

    /// A program comes next; `step` ticks are left of its step.
    pub(crate) fn begin(&mut self, limits: &Limits, step: u32, (now, random): (i64, u64)) {
        self.shared.budget.begin(limits, step);
        self.shared.now.set(now);
        self.shared.random.set(random);
    }

    /// Ticks left of the step, and the state of chance.
    pub(crate) fn left(&self) -> (u32, u64) {
        (self.shared.budget.step_left(), self.shared.random.get())
    }

    /// Runs a program over variables, compiled when it is first seen.
    pub(crate) fn evaluate(
        &mut self,
        form: Form,
        program: Program<'_>,
        variables: &Variables,
    ) -> Result<Answer, ScriptError> {
        let Self { programs, host, context, shared, .. } = self;
        let answer = context.with(|ctx| {
            let mut attempt = || -> rquickjs::Result<Answer> {
                let compiled = match programs.get(&program.place) {
                    Some(compiled) => compiled.clone().restore(&ctx)?,
                    None => {
                        let compiled = compile(&ctx, host, form, program.source)?;
                        programs.insert(program.place, Persistent::save(&ctx, compiled.clone()));
                        compiled
                    }
                };
                host.bind(&ctx, shared, variables)?;
                let call = if form == Form::Expression { &host.condition } else { &host.run };
                answer(&call.clone().restore(&ctx)?.call::<_, Value<'_>>((compiled,))?)
            };
            let result = attempt().map_err(|error| fault::of(&ctx, &error, host, program.source));
            // A stop inside an async function is only a rejected promise: ask the budget itself.
            match shared.budget.spent() {
                Some(spent) => {
                    let _ = ctx.catch();
                    Err(fault::too_long(spent))
                }
                None => result,
            }
        });
        if answer.is_ok() && self.runtime.is_job_pending() {
            return Err(fault::pending(form));
        }
        answer
    }

    /// Whether the variables of the last program are so large that they must not stay.
    pub(crate) fn is_heavy(&self) -> bool {
        self.shared.bytes() > HEAVY
    }

    /// Forgets the variables of the last program, and what was made of them.
    ///
    /// # Errors
    /// The context is not what it was and must not be used again.
    pub(crate) fn let_go(&mut self) -> Result<(), ScriptError> {
        let Self { host, context, shared, .. } = self;
        shared.budget.begin(&Limits { script_ticks: u32::MAX, ..Limits::default() }, u32::MAX);
        context.with(|ctx| {
            host.bind(&ctx, shared, &Variables::new()).map_err(|error| fault::internal(&ctx, &error))
        })
    }

    /// True if the context must not be used again: a limit was hit, or it holds work of a program.
    pub(crate) fn is_spoilt(&self, answer: &Result<Answer, ScriptError>) -> bool {
        let limit = |error: &ScriptError| {
            matches!(error.fault, ScriptFault::TimeBudget | ScriptFault::Memory | ScriptFault::Engine)
        };
        answer.as_ref().is_err_and(limit) || self.runtime.is_job_pending()
    }
}

impl Host {
    fn new(ctx: &Ctx<'_>, shared: &Rc<Shared>) -> rquickjs::Result<Self> {
        let mut options = EvalOptions::default();
        options.filename = Some("prelude.js".to_owned());
        let prelude: Function<'_> = ctx.eval_with_options(PRELUDE, options)?;
        let host: Object<'_> = prelude.call((natives::natives(ctx, shared)?,))?;
        let function = |name: &str| -> rquickjs::Result<Fn> {
            Ok(Persistent::save(ctx, host.get::<_, Function<'_>>(name)?))
        };
        Ok(Self {
            scope: Persistent::save(ctx, host.get::<_, Object<'_>>("scope")?),
            bind: function("bind")?,
            forget: function("forget")?,
            condition: function("condition")?,
            run: function("run")?,
            explain: function("explain")?,
        })
    }

    /// Makes these the variables that programs see; what did not change stays parsed.
    fn bind(&self, ctx: &Ctx<'_>, shared: &Shared, variables: &Variables) -> rquickjs::Result<()> {
        match shared.rebind(variables) {
            natives::Change::Names(names) => self.bind.clone().restore(ctx)?.call((names,)),
            natives::Change::Texts(stale) => {
                let forget = self.forget.clone().restore(ctx)?;
                stale.iter().try_for_each(|name| forget.call::<_, ()>((&**name,)))
            }
        }
    }
}

fn compile<'js>(ctx: &Ctx<'js>, host: &Host, form: Form, source: &str) -> rquickjs::Result<Function<'js>> {
    let wrapper = syntax::compile(ctx, form, source)?;
    wrapper.call((This(host.scope.clone().restore(ctx)?),))
}

fn answer(value: &Value<'_>) -> rquickjs::Result<Answer> {
    if let Some(value) = value.as_bool() {
        return Ok(Answer::Bool(value));
    }
    match value.as_string() {
        Some(text) => Ok(Answer::Text(text.to_string()?)),
        None => Ok(Answer::Nothing),
    }
}
