//! The value of a variable, byte for byte.

use axum::http::{HeaderName, HeaderValue, header};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::body::Parameters;
use crate::call::Call;
use crate::problem::Problem;

/// Which part of the variable.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VariableQuery {
    /// A JSON pointer (RFC 6901) into the variable: `/payload` of `webhookData` is the posted body, byte for byte.
    #[serde(default)]
    #[param(pattern = "^(/.*)?$")]
    pointer: String,
}

/// The JSON text of a variable, or of a part of it, as it is stored.
#[utoipa::path(get, path = "/projects/{projectId}/process-instances/{instanceId}/variables/{name}", operation_id = "readVariable", tag = "Runtime",
    params(VariableQuery), responses((status = 200, content_type = "application/json", body = Object)))]
pub(crate) async fn read(
    call: Call,
    Parameters(query): Parameters<VariableQuery>,
) -> Result<([(HeaderName, HeaderValue); 1], String), Problem> {
    if !query.pointer.is_empty() && !query.pointer.starts_with('/') {
        return Err(Problem::field("pointer", "form", "must be empty or begin with / (RFC 6901)"));
    }
    let (scope, id) = (call.scope, call.id("instanceId")?);
    let stored = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move { Ok::<_, Problem>(store::view::instance::stored(tx, &scope, id).await?) })
        })
        .await?;
    let variables = engine::Variables::from_json(&stored.variables)
        .map_err(|e| Problem::internal(format!("stored variables are not readable: {e}")))?;
    let text = variables.pointer(call.parameter("name")?, &query.pointer).ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.to_owned()))
}
