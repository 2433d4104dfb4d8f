//! Giving, changing and taking roles: the same on every level.

use axum::Json;
use axum::http::StatusCode;
use serde_json::json;
use store::user::Stamp;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::seat::{Chair, Seat};
use super::standing::{self, Standing};
use super::{Member, MemberChange, NewMember, Tagged, last_admin, tag, tagged};
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

/// Gives roles; what the user has stays. 201 if that changed something.
pub(super) async fn add(seat: Seat, new: NewMember) -> Result<(StatusCode, Tagged), Problem> {
    let roles = standing::named(&new.roles)?;
    let (console, chair) = seat.parts();
    let (status, row) = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let organizations = store::role::lock_organizations(tx).await?;
                let user = named(tx, &new).await?;
                let old = match store::role::member(tx, chair.place, user).await {
                    Ok(row) => Standing::of(&row),
                    Err(StoreError::NotFound) => Standing::default(),
                    Err(e) => return Err(e.into()),
                };
                let wish = old.and(&roles, new.payload);
                let status = if wish == old { StatusCode::OK } else { StatusCode::CREATED };
                settle(tx, (&chair, user), &organizations, (&old, &wish)).await?;
                Ok::<_, Problem>((status, store::role::member(tx, chair.place, user).await?))
            })
        })
        .await?;
    Ok((status, tagged(row)))
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

/// Gives a member other roles.
pub(super) async fn change(seat: Seat, if_match: IfMatch, new: MemberChange) -> Result<Tagged, Problem> {
    let roles = new.roles.as_deref().map(standing::named).transpose()?;
    let user = seat.user()?;
    let (console, chair) = seat.parts();
    let row = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (old, organizations) = hold(tx, (&chair, user), &if_match).await?;
                let payload = new.payload.unwrap_or(old.payload);
                let wish = Standing { roles: roles.unwrap_or_else(|| old.roles.clone()), payload };
                settle(tx, (&chair, user), &organizations, (&old, &wish)).await?;
                Ok::<_, Problem>(store::role::member(tx, chair.place, user).await?)
            })
        })
        .await?;
    Ok(tagged(row))
}

/// Takes one role away.
pub(super) async fn take(seat: Seat, if_match: IfMatch) -> Result<StatusCode, Problem> {
    let role = seat.site.text("role")?.to_owned();
    withdraw(seat, if_match, move |old| old.without(&role)).await
}

/// Takes all roles away.
pub(super) async fn remove(seat: Seat, if_match: IfMatch) -> Result<StatusCode, Problem> {
    withdraw(seat, if_match, |_| Standing::default()).await
}

/// Leaves a member what `left` says; it is not found where that is what they have.
async fn withdraw(
    seat: Seat,
    if_match: IfMatch,
    left: impl FnOnce(&Standing) -> Standing + Send + 'static,
) -> Result<StatusCode, Problem> {
    let user = seat.user()?;
    let (console, chair) = seat.parts();
    console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (old, organizations) = hold(tx, (&chair, user), &if_match).await?;
                let wish = left(&old);
                if wish == old {
                    return Err(Problem::not_found());
                }
                settle(tx, (&chair, user), &organizations, (&old, &wish)).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The member as stored, and every organization: each must keep an administrator.
async fn hold(
    tx: &mut Tx,
    (chair, user): (&Chair, Uuid),
    if_match: &IfMatch,
) -> Result<(Standing, Vec<String>), Problem> {
    let organizations = store::role::lock_organizations(tx).await?;
    let old = store::role::member(tx, chair.place, user).await?;
    if_match.permits(&tag(&old))?;
    Ok((Standing::of(&old), organizations))
}

/// Makes a member what is wished, with the audit entry; nothing if they are that already.
async fn settle(
    tx: &mut Tx,
    (chair, user): (&Chair, Uuid),
    organizations: &[String],
    (old, wish): (&Standing, &Standing),
) -> Result<(), Problem> {
    if old == wish {
        return Ok(());
    }
    let administered = last_admin::count(tx, organizations).await?;
    let stamp = Stamp { user: Some(chair.caller.user), at: clock::now() };
    let (taken, given) = (old.beyond(wish), wish.beyond(old));
    store::role::exchange(tx, (user, chair.place), (&taken, &given), old.payload, &stamp).await?;
    if wish.payload != old.payload {
        store::role::set_payload(tx, (user, chair.place), wish.payload, stamp.at).await?;
    }
    last_admin::check(tx, &administered).await?;
    let (action, detail) = match (old.roles.is_empty(), wish.roles.is_empty()) {
        (true, _) => ("member.add", wish.told()),
        (false, true) => ("member.remove", old.told()),
        (false, false) => {
            let roles = json!({ "from": old.roles, "to": wish.roles });
            let payload = json!({ "from": old.payload, "to": wish.payload });
            ("member.change", json!({ "roles": roles, "payload": payload }))
        }
    };
    chair.audit(tx, stamp.at, (action, user), detail).await
}
