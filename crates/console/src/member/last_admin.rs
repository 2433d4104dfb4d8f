//! An organization keeps an administrator, whatever two people do at the same time.

use store::Tx;

use crate::problem::Problem;

/// The organizations that have administrators now. Taken under `lock_organizations`.
pub(crate) async fn count(tx: &mut Tx, organizations: &[String]) -> Result<Vec<String>, Problem> {
    let mut administered = Vec::new();
    for id in organizations {
        if store::role::administrators(tx, id).await? > 0 {
            administered.push(id.clone());
        }
    }
    Ok(administered)
}

/// 409 if one that had an administrator has none any more.
pub(crate) async fn check(tx: &mut Tx, before: &[String]) -> Result<(), Problem> {
    for id in before {
        if store::role::administrators(tx, id).await? == 0 {
            return Err(Problem::conflict(
                "last-admin",
                "This is the only administrator of an organization who may sign in. Make somebody else an administrator first.",
            ));
        }
    }
    Ok(())
}
