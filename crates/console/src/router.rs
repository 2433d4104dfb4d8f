//! The table of contents: every path of the API.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::{
    Console, audit, branch, check, command, commit, data_source, document, event, failed_trigger, guard,
    home, hourly, incident, instance, me, member, operation, organization, policy, process_definition,
    project, resource, server, session, sign_in_link, stream, token, transfer, trigger, user,
};

/// The API of this console, with its document and the page at `/`. Every other path answers 404.
pub fn router(console: Arc<Console>) -> Router {
    let (api, _) = OpenApiRouter::new().nest("/api/v1", routes()).split_for_parts();
    let text: Arc<str> = document::text().into();
    let document = move || {
        let body = text.to_string();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    api.route("/api/v1/openapi.json", get(document))
        .route("/", get(home::home))
        .fallback(unknown)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(&console), guard::guard))
        .with_state(console)
}

async fn unknown() -> Problem {
    Problem::not_found()
}

async fn method_not_allowed() -> Response {
    let detail = "This path has other methods; Allow names them.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail).into_response()
}

/// Every documented path, below `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .merge(access())
        .routes(routes!(server::list))
        .routes(routes!(organization::list))
        .routes(routes!(organization::workspaces))
        .routes(routes!(project::list::list, project::create::create))
        .routes(routes!(project::read::read, project::rename::rename, project::delete::delete))
        .merge(versions())
        .merge(transfer())
        .merge(resources())
        .merge(runtime())
}

fn access() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .routes(routes!(session::begin::begin, session::end::current))
        .routes(routes!(sign_in_link::redeem::read))
        .routes(routes!(sign_in_link::redeem::redeem))
        .routes(routes!(me::read))
        .routes(routes!(user::password::change))
        .routes(routes!(session::list::list))
        .routes(routes!(session::end::one))
        .routes(routes!(token::list::own, token::create::create))
        .routes(routes!(token::revoke::own))
        .routes(routes!(user::list::list, user::create::create))
        .routes(routes!(user::list::read, user::change::change))
        .routes(routes!(sign_in_link::create::create))
        .merge(members())
        .routes(routes!(audit::list::of_project))
        .routes(routes!(audit::export::of_project))
        .routes(routes!(audit::verify::of_project))
        .routes(routes!(audit::list::of_installation))
        .routes(routes!(audit::export::of_installation))
        .routes(routes!(audit::verify::of_installation))
}

fn members() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .routes(routes!(member::organization::list, member::organization::add))
        .routes(routes!(
            member::organization::read,
            member::organization::change,
            member::organization::remove
        ))
        .routes(routes!(member::organization::take))
        .routes(routes!(member::workspace::list, member::workspace::add))
        .routes(routes!(member::workspace::read, member::workspace::change, member::workspace::remove))
        .routes(routes!(member::workspace::take))
        .routes(routes!(member::project::list, member::project::add))
        .routes(routes!(member::project::read, member::project::change, member::project::remove))
        .routes(routes!(member::project::take))
        .routes(routes!(token::list::of_project))
        .routes(routes!(token::revoke::of_project))
}

fn transfer() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .routes(routes!(transfer::import::project))
        .routes(routes!(transfer::preview::project))
        .routes(routes!(transfer::export::commit))
        .routes(routes!(transfer::export::branch))
        .routes(routes!(transfer::import::branch))
        .routes(routes!(transfer::preview::branch))
}

fn versions() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .routes(routes!(branch::list::list, branch::create::create))
        .routes(routes!(branch::read::read, branch::rename::rename, branch::delete::delete))
        .routes(routes!(branch::changes::list))
        .routes(routes!(branch::changes::read))
        .routes(routes!(branch::bring::preview, branch::bring::apply))
        .routes(routes!(branch::discard::discard))
        .routes(routes!(branch::restore::restore))
        .routes(routes!(check::branch::check))
        .routes(routes!(commit::list::list, commit::create::create))
        .routes(routes!(commit::preview::preview))
        .routes(routes!(commit::list::of_project))
        .routes(routes!(commit::read::read))
        .routes(routes!(commit::changes::list))
        .routes(routes!(commit::changes::read))
        .routes(routes!(commit::resource::read))
        .routes(routes!(commit::resource::bpmn))
        .routes(routes!(resource::versions))
        .routes(routes!(resource::compare))
        .routes(routes!(policy::read, policy::choose))
        .routes(routes!(policy::preview::preview))
}

fn resources() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .routes(routes!(data_source::list::list, data_source::create::create))
        .routes(routes!(data_source::read::read, data_source::change::change, data_source::delete::delete))
        .routes(routes!(data_source::shape::read))
        .routes(routes!(process_definition::list::list, process_definition::create::create))
        .routes(routes!(
            process_definition::read::read,
            process_definition::rename::rename,
            process_definition::delete::delete
        ))
        .routes(routes!(process_definition::bpmn::read, process_definition::bpmn::save))
        .routes(routes!(process_definition::try_out::try_out))
}

fn runtime() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::new()
        .routes(routes!(trigger::list::list))
        .routes(routes!(trigger::list::read, trigger::change::change))
        .routes(routes!(trigger::activate::activate))
        .routes(routes!(trigger::activate::deactivate))
        .routes(routes!(trigger::reveal::reveal))
        .routes(routes!(trigger::reset::reset))
        .routes(routes!(trigger::test_event::send))
        .routes(routes!(failed_trigger::list::list))
        .routes(routes!(failed_trigger::groups::groups))
        .routes(routes!(failed_trigger::bulk::retry))
        .routes(routes!(failed_trigger::bulk::dismiss))
        .routes(routes!(failed_trigger::read::read, failed_trigger::dismiss::dismiss))
        .routes(routes!(failed_trigger::retry::retry))
        .routes(routes!(instance::list::list))
        .routes(routes!(instance::counts::counts))
        .routes(routes!(instance::read::read))
        .routes(routes!(instance::variable::read))
        .routes(routes!(instance::cancel::cancel))
        .routes(routes!(stream::open::open))
        .routes(routes!(hourly::of_project))
        .routes(routes!(hourly::of_trigger))
        .routes(routes!(trigger::requests::list))
        .routes(routes!(instance::change_variables::change))
        .routes(routes!(incident::list::list))
        .routes(routes!(incident::list::of_instance))
        .routes(routes!(incident::retry::retry))
        .routes(routes!(incident::bulk::retry))
        .routes(routes!(operation::list::list))
        .routes(routes!(operation::read::read))
        .routes(routes!(operation::cancel::cancel))
        .routes(routes!(command::read))
        .routes(routes!(event::list::list))
        .routes(routes!(event::read::read))
}
