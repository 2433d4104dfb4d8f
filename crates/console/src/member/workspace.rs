//! Members of a workspace.

use axum::Json;
use axum::http::StatusCode;

use super::seat::Seat;
use super::{Member, MemberChange, NewMember, Tagged, assign};
use crate::body::{Body, Parameters};
use crate::etag::IfMatch;
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// Who has a role on a workspace or above it, in the order in which they were added.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/members", operation_id = "listWorkspaceMembers", tag = "Members", params(ListQuery),
    responses((status = 200, body = List<Member>)))]
pub(crate) async fn list(seat: Seat, query: Parameters<ListQuery>) -> Result<Json<List<Member>>, Problem> {
    assign::list(seat, query).await
}

/// Gives a user roles on a workspace. They count on everything in it. Roles that the user has there already stay: giving
/// one again changes nothing, so that two people who give two roles at once both succeed.
#[utoipa::path(post, path = "/workspaces/{workspaceId}/members", operation_id = "addWorkspaceMember", tag = "Members", request_body = NewMember,
    responses((status = 201, body = Member), (status = 200, description = "They had all of it already.", body = Member)))]
pub(crate) async fn add(seat: Seat, Body(new): Body<NewMember>) -> Result<(StatusCode, Tagged), Problem> {
    assign::add(seat, new).await
}

/// The roles that a user has on a workspace itself.
#[utoipa::path(get, path = "/workspaces/{workspaceId}/members/{userId}", operation_id = "readWorkspaceMember", tag = "Members",
    responses((status = 200, body = Member)))]
pub(crate) async fn read(seat: Seat) -> Result<Tagged, Problem> {
    assign::read(seat).await
}

/// Gives a member of a workspace other roles, in place of those they have.
#[utoipa::path(patch, path = "/workspaces/{workspaceId}/members/{userId}", operation_id = "changeWorkspaceMember", tag = "Members", request_body = MemberChange,
    responses((status = 200, body = Member), (status = 409, description = "`last-admin`: an organization keeps an administrator")))]
pub(crate) async fn change(
    seat: Seat,
    if_match: IfMatch,
    Body(new): Body<MemberChange>,
) -> Result<Tagged, Problem> {
    assign::change(seat, if_match, new).await
}

/// Takes all of a member's roles on a workspace away. It counts at once, for their tokens too.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/members/{userId}", operation_id = "removeWorkspaceMember", tag = "Members",
    responses((status = 204), (status = 409, description = "`last-admin`: an organization keeps an administrator")))]
pub(crate) async fn remove(seat: Seat, if_match: IfMatch) -> Result<StatusCode, Problem> {
    assign::remove(seat, if_match).await
}

/// Takes one of a member's roles on a workspace away; the others stay. It counts at once, for their tokens too. The
/// `ETag` is the member's.
#[utoipa::path(delete, path = "/workspaces/{workspaceId}/members/{userId}/roles/{role}", operation_id = "removeWorkspaceMemberRole", tag = "Members",
    responses((status = 204), (status = 409, description = "`last-admin`: an organization keeps an administrator")))]
pub(crate) async fn take(seat: Seat, if_match: IfMatch) -> Result<StatusCode, Problem> {
    assign::take(seat, if_match).await
}
