//! Giving, changing and taking roles: the same on every level.

use axum::Json;
use axum::http::StatusCode;
use serde_json::json;
use store::Tx;
use store::user::Stamp;
use uuid::Uuid;

use super::seat::{Chair, Seat};
use super::{Member, MemberChange, NewMember, Tagged, last_admin, role, tag, tagged};
use crate::body::Parameters;
use crate::clock;
use crate::etag::IfMatch;
use crate::page::{List, ListQuery};
use crate::problem::Problem;
use crate::user::looked_for;

/// The members of the place and of what is above it.
pub(super) async fn list(
    seat: Seat,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Member>>, Problem> {
    let paging = query.paging()?;
    let (console, chair) = seat.parts();
    let page = console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let places = chair.with_above(tx).await?;
                let rows = store::role::members(tx, &places, paging.after_or(""), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Member::from))))
}

/// Gives a role.
pub(super) async fn add(seat: Seat, new: NewMember) -> Result<(StatusCode, Tagged), Problem> {
    let role = role(&new.role)?;
    let (console, chair) = seat.parts();
    let row = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let user = named(tx, &new).await?;
                let stamp = Stamp { user: Some(chair.caller.user), at: clock::now() };
                let given = store::role::insert(tx, (user, chair.place), (role, new.payload), &stamp).await;
                given.map_err(|e| match e {
                    store::StoreError::Conflict(_) => Problem::conflict(
                        "already-member",
                        "This user has a role here already. Change it instead.",
                    ),
                    e => e.into(),
                })?;
                let detail = json!({ "role": role, "payload": new.payload });
                chair.audit(tx, stamp.at, ("member.add", user), detail).await?;
                Ok::<_, Problem>(store::role::member(tx, chair.place, user).await?)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, tagged(row)))
}

async fn named(tx: &mut Tx, new: &NewMember) -> Result<Uuid, Problem> {
    let stored =
        |text: &str| Uuid::parse_str(text).map_err(|_| Problem::internal("a stored id is not a UUID"));
    match (new.user_id, &new.email) {
        (Some(id), None) => match store::user::read(tx, id).await? {
            Some(_) => Ok(id),
            None => Err(Problem::field("userId", "unknown", "must be the id of a user")),
        },
        (None, Some(email)) => {
            let found = store::user::account(tx, &looked_for(email)).await?;
            let unknown = || Problem::field("email", "unknown", "must be the e-mail of a user");
            stored(&found.ok_or_else(unknown)?.id)
        }
        _ => Err(Problem::field("userId", "one-of", "must be given, or email, and not both")),
    }
}

/// One member.
pub(super) async fn read(seat: Seat) -> Result<Tagged, Problem> {
    let user = seat.user()?;
    let (console, chair) = seat.parts();
    let row = console
        .db
        .read(move |tx| Box::pin(async move { store::role::member(tx, chair.place, user).await }))
        .await?;
    Ok(tagged(row))
}

/// Gives a member another role.
pub(super) async fn change(seat: Seat, if_match: IfMatch, new: MemberChange) -> Result<Tagged, Problem> {
    let role = new.role.as_deref().map(role).transpose()?;
    let user = seat.user()?;
    let (console, chair) = seat.parts();
    let row = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (old, before) = hold(tx, &chair, user, &if_match).await?;
                let role = role.unwrap_or(&old.role);
                let payload = new.payload.unwrap_or(old.payload != 0);
                if (role, payload) == (old.role.as_str(), old.payload != 0) {
                    return Ok(old);
                }
                let now = clock::now();
                store::role::change(tx, (user, chair.place), (role, payload), now).await?;
                last_admin::check(tx, &before).await?;
                let detail = json!({
                    "role": { "from": old.role, "to": role },
                    "payload": { "from": old.payload != 0, "to": payload },
                });
                chair.audit(tx, now, ("member.change", user), detail).await?;
                Ok::<_, Problem>(store::role::member(tx, chair.place, user).await?)
            })
        })
        .await?;
    Ok(tagged(row))
}

/// Takes a role away.
pub(super) async fn remove(seat: Seat, if_match: IfMatch) -> Result<StatusCode, Problem> {
    let user = seat.user()?;
    let (console, chair) = seat.parts();
    console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (old, before) = hold(tx, &chair, user, &if_match).await?;
                store::role::remove(tx, user, chair.place).await?;
                last_admin::check(tx, &before).await?;
                let detail = json!({ "role": old.role, "payload": old.payload != 0 });
                chair.audit(tx, clock::now(), ("member.remove", user), detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The member as stored, and the organizations that must keep an administrator.
async fn hold(
    tx: &mut Tx,
    chair: &Chair,
    user: Uuid,
    if_match: &IfMatch,
) -> Result<(store::role::Member, Vec<String>), Problem> {
    let organizations = store::role::lock_organizations(tx).await?;
    let old = store::role::member(tx, chair.place, user).await?;
    if_match.permits(&tag(&old))?;
    Ok((old, last_admin::count(tx, &organizations).await?))
}
