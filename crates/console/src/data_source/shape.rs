//! The shape of a webhook's recent payloads: names and types, for completion in the editor.

use axum::Json;
use engine::Variables;
use serde::{Deserialize, Serialize};
use store::resource::Place;
use store::{Scope, Tx};
use utoipa::{IntoParams, ToSchema};
use webhook::shape::{Limits, Node, Shape, pointer_token, script_member};

use super::KIND;
use crate::access::Right;
use crate::body::Parameters;
use crate::call::{self, Call};
use crate::problem::Problem;

/// The events that are looked at, unless another number is asked for.
const EVENTS: u32 = 20;
const MOST_EVENTS: u32 = 50;
/// Bytes of one event, and of all, that are looked at.
const MOST_BYTES: usize = 2 << 20;
const ALL_BYTES: usize = 8 << 20;

/// How many events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShapeQuery {
    /// So many of the newest events are looked at.
    #[param(minimum = 1, maximum = 50, default = 20)]
    events: Option<u32>,
}

/// What `webhookData` had in recent events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PayloadShape {
    /// How many events it is made of.
    events: u32,
    /// `webhookData.payload`.
    payload: ShapeNode,
    /// `webhookData.headers`.
    headers: ShapeNode,
}

/// What stood at one place.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShapeNode {
    /// The name of the member; `null` for a root, for items of arrays and values of maps.
    #[schema(required)]
    name: Option<String>,
    /// The JSON pointer from the root; `0` stands for any item, `*` for any name of a map.
    pointer: String,
    /// How a script reads it: `webhookData.payload.customer.name`.
    path: String,
    /// `object`, `array`, `string`, `integer`, `number`, `boolean`, `null`: all that were seen.
    types: Vec<&'static str>,
    /// Whether a number was beyond ±(2^53 − 1): such integers are `BigInt` in scripts.
    big: bool,
    /// Whether it was missing in some of the objects.
    optional: bool,
    /// Whether there was more than is shown: very deep, very wide.
    truncated: bool,
    /// The JSON text of a value that was seen; only with the right `payload:read`.
    #[schema(required)]
    example: Option<String>,
    /// The members of objects.
    #[schema(no_recursion)]
    fields: Vec<ShapeNode>,
    /// What the items of arrays have in common.
    #[schema(required, no_recursion)]
    items: Option<Box<ShapeNode>>,
    /// What the values of objects have in common whose names are data (more than 100 different ones).
    #[schema(required, no_recursion)]
    values: Option<Box<ShapeNode>>,
}

/// Names and types of the newest payloads and headers of a webhook, merged: for completion while a process is drawn.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}/payload-shape",
    operation_id = "readPayloadShape", tag = "Data sources", params(ShapeQuery), responses((status = 200, body = PayloadShape)))]
pub(crate) async fn read(
    call: Call,
    Parameters(query): Parameters<ShapeQuery>,
) -> Result<Json<PayloadShape>, Problem> {
    let events = query.events.unwrap_or(EVENTS);
    if !(1..=MOST_EVENTS).contains(&events) {
        return Err(Problem::field("events", "range", "must be 1 to 50"));
    }
    let (scope, branch, id) = (call.scope, call.text("branch")?, call.id("resourceDefinitionId")?);
    let texts = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                let draft = store::resource::read(tx, &scope, &place).await?;
                recent(tx, &scope, &draft.id, events).await
            })
        })
        .await?;
    let examples = call.caller.may(Right::PayloadRead);
    // parsing megabytes is no work for the threads that answer
    let shape = tokio::task::spawn_blocking(move || learned(&texts, examples)).await;
    shape.map(Json).map_err(|e| Problem::internal(format!("the shape ended early: {e}")))
}

/// The engine's events of the first steps of the newest instances, one for each event.
async fn recent(tx: &mut Tx, scope: &Scope, source: &str, events: u32) -> Result<Vec<String>, Problem> {
    // an event may start several processes
    let starts = store::view::request::starts(tx, scope, source, i64::from(events) * 4).await?;
    let (mut texts, mut left, mut last) = (Vec::new(), ALL_BYTES, String::new());
    for start in starts {
        if start.event_id == last || texts.len() >= events as usize {
            continue;
        }
        let most = i64::try_from(left.min(MOST_BYTES)).unwrap_or(i64::MAX);
        let step = store::view::request::first_step(tx, scope, &start.instance_id, most).await?;
        if let Some(text) = step {
            left -= text.len();
            texts.push(text);
            last = start.event_id;
        }
    }
    Ok(texts)
}

fn learned(texts: &[String], examples: bool) -> PayloadShape {
    let (mut payload, mut headers) = (Shape::new(Limits::default()), Shape::new(Limits::default()));
    for text in texts {
        let Some(variables) = started_with(text) else { continue };
        if let Some(text) = variables.pointer("webhookData", "/payload") {
            payload.learn(text);
        }
        if let Some(text) = variables.pointer("webhookData", "/headers") {
            headers.learn(text);
        }
    }
    let root = |shape: &Shape, path: &str| {
        let place = Standing { name: None, pointer: String::new(), path: path.to_owned(), optional: false };
        shown(shape.root(), place, examples)
    };
    PayloadShape {
        events: payload.payloads(),
        payload: root(&payload, "webhookData.payload"),
        headers: root(&headers, "webhookData.headers"),
    }
}

fn started_with(events: &str) -> Option<Variables> {
    let events: Vec<engine::Event> = serde_json::from_str(events).ok()?;
    events.into_iter().find_map(|event| match event {
        engine::Event::Started { variables, .. } => Some(variables),
        _ => None,
    })
}

/// Where a node stands.
struct Standing {
    name: Option<String>,
    pointer: String,
    path: String,
    optional: bool,
}

/// As deep as the shape is, which is bounded.
fn shown(node: &Node, at: Standing, examples: bool) -> ShapeNode {
    let below = |token: &str, member: &str| Standing {
        name: None,
        pointer: format!("{}/{token}", at.pointer),
        path: format!("{}{member}", at.path),
        optional: false,
    };
    let fields = node.fields().map(|(name, field, optional)| {
        let place = below(&pointer_token(name), &script_member(name));
        shown(field, Standing { name: Some(name.to_owned()), optional, ..place }, examples)
    });
    let fields = fields.collect();
    let items = node.items().map(|items| Box::new(shown(items, below("0", "[0]"), examples)));
    let values = node.values().map(|values| Box::new(shown(values, below("*", "[name]"), examples)));
    ShapeNode {
        types: node.types().iter().map(|kind| kind.as_str()).collect(),
        big: node.is_big(),
        truncated: node.is_cut(),
        example: node.example().filter(|_| examples).map(ToOwned::to_owned),
        fields,
        items,
        values,
        name: at.name,
        pointer: at.pointer,
        path: at.path,
        optional: at.optional,
    }
}
