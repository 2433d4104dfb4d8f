//! Back-off on guessing: after some wrong passwords an account, and an address, must wait between two tries, longer
//! each time. What is remembered are rows, so a restart forgives nothing; nobody is locked out for ever: the wait has
//! an end, an address from which the user has a session does not wait for what others did to the account, and an
//! administrator's link always works. The same is done for e-mails that nobody has.

use std::net::IpAddr;

use axum::http::StatusCode;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::sign_in::Failures;

use crate::problem::Problem;

/// Wrong passwords that cost nothing, and the longest wait in seconds.
struct Patience {
    free: i64,
    longest: i64,
}

const ACCOUNT: Patience = Patience { free: 5, longest: 300 };
/// Many people may stand behind one address.
const ADDRESS: Patience = Patience { free: 50, longest: 60 };
/// After so long without a wrong password all is forgotten, in milliseconds.
const FORGET: i64 = 60 * 60 * 1000;

/// Counts a try as wrong before it is looked at, so that tries at the same time cannot pass together.
/// [`succeeded`] takes it back. 429 while there is to be waited; such a try is not counted.
pub(crate) async fn attempt(
    tx: &mut Tx,
    (email, address): (&str, Option<&str>),
    known: bool,
    now: i64,
) -> Result<(), Problem> {
    let (account, address) = (account(email), place(address));
    let before = store::sign_in::failures(tx, &account).await?;
    let from = store::sign_in::failures(tx, &address).await?;
    let mut wait = left(&ADDRESS, from, now);
    if !known {
        wait = wait.max(left(&ACCOUNT, before, now));
    }
    if wait > 0 {
        let seconds = (wait + 999) / 1000;
        let detail = format!("Too many wrong passwords. Try again in {seconds} seconds.");
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", detail);
        problem.retry_after = Some(seconds);
        return Err(problem);
    }
    store::sign_in::set_failures(tx, &account, one_more(before, now)).await?;
    store::sign_in::set_failures(tx, &address, one_more(from, now)).await?;
    Ok(())
}

/// The password was right: the account's wrong ones are forgotten, the address's stay (it may be somebody who tries
/// many accounts and owns one).
pub(crate) async fn succeeded(tx: &mut Tx, email: &str, address: Option<&str>) -> Result<(), Problem> {
    let (account, address) = (account(email), place(address));
    store::sign_in::set_failures(tx, &account, Failures::default()).await?;
    let from = store::sign_in::failures(tx, &address).await?;
    let one_less = Failures { failures: from.failures - 1, ..from };
    Ok(store::sign_in::set_failures(tx, &address, one_less).await?)
}

/// Counts a try with an e-mail that nobody has.
pub(crate) async fn note_unknown(tx: &mut Tx, now: i64) -> Result<(), Problem> {
    let before = store::sign_in::failures(tx, "unknown").await?;
    let after = Failures { failures: before.failures + 1, last_at: now };
    Ok(store::sign_in::set_failures(tx, "unknown", after).await?)
}

fn one_more(before: Failures, now: i64) -> Failures {
    let failures = if now - before.last_at > FORGET { 0 } else { before.failures };
    Failures { failures: failures + 1, last_at: now }
}

/// Milliseconds to wait: 1, 2, 4 … seconds after the free ones.
fn left(patience: &Patience, failures: Failures, now: i64) -> i64 {
    let over = failures.failures - patience.free;
    if over < 0 || now - failures.last_at > FORGET {
        return 0;
    }
    let seconds = (1_i64 << over.min(20)).min(patience.longest);
    (failures.last_at + seconds * 1000 - now).max(0)
}

fn account(email: &str) -> String {
    format!("account/{}", bucket(email.as_bytes()))
}

/// The address; of IPv6 the network, within which one machine has as many addresses as it likes.
fn place(address: Option<&str>) -> String {
    let bytes = match address.and_then(|text| text.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => ip.octets().to_vec(),
        Some(IpAddr::V6(ip)) => ip.octets()[..8].to_vec(),
        None => Vec::new(),
    };
    format!("address/{}", bucket(&bytes))
}

/// One of 65,536: strangers cannot make the table grow beyond that.
fn bucket(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    format!("{:02x}{:02x}", digest[0], digest[1])
}
