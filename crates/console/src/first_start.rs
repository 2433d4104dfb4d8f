//! The first start: installation, organization, workspace, administrator with a sign-in link, and the sample project.

mod sample;

use store::{Db, StoreError, Tx};
use uuid::Uuid;
use webhook::MasterKey;

use crate::problem::Problem;
use crate::secret::Secret;
use crate::token::{self, ADMIN};
use crate::{clock, key, sign_in_link};

/// The name of the token that automation presets.
const PRESET: &str = "FOREBAY_ADMIN_TOKEN";
/// A preset token must be at least this long: it is kept as a plain hash.
const LEAST_TOKEN: usize = 16;

/// What the start knows.
pub struct FirstStart {
    /// A token to make valid at this start (`FOREBAY_ADMIN_TOKEN`): 16 to 512 visible ASCII characters.
    pub admin_token: Option<String>,
    /// Whether the first start makes the sample project *Order intake*.
    pub sample: bool,
    /// Encrypts the sample webhook's key.
    pub master_key: MasterKey,
}

impl std::fmt::Debug for FirstStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstStart").field("sample", &self.sample).finish_non_exhaustive()
    }
}

/// What the start did.
#[derive(Debug)]
pub struct FirstStarted {
    /// Whether this was the first start.
    pub created: bool,
    /// The token of a link that sets the administrator's password and signs in, once, only from the first start: to
    /// be shown this once. `sign_in_url` makes the link.
    pub sign_in_token: Option<Secret>,
    /// The name of the sample's webhook, if it was made now: `webhook_url` shows its URL.
    pub sample_webhook: Option<&'static str>,
}

/// Why a start or the command line could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The preset token is too weak or cannot be sent in a header.
    #[error(
        "FOREBAY_ADMIN_TOKEN must have 16 to 512 visible ASCII characters; make one with: openssl rand -base64 32"
    )]
    WeakToken,
    /// The name of a token.
    #[error("the token's name {0}")]
    TokenName(String),
    /// There is no installation in this database yet.
    #[error("nothing is set up here yet: start Forebay once with `forebay up`")]
    NotStarted,
    /// There is no user with this e-mail.
    #[error("there is no user with the e-mail {0:?}")]
    NoUser(String),
    /// The user may not sign in.
    #[error("the user {0} may not sign in: an administrator enables them")]
    Disabled(String),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// The sample project could not be made.
    #[error("the sample project could not be made: {0}")]
    Sample(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<key::NoRandomness> for StartError {
    fn from(_: key::NoRandomness) -> Self {
        StartError::NoRandomness
    }
}

impl From<Problem> for StartError {
    fn from(problem: Problem) -> Self {
        StartError::Sample(problem.reason())
    }
}

/// Makes what every installation needs, if it is not there yet, all in one transaction; and makes the preset
/// token valid, at every start. A changed preset token makes the one before it invalid.
pub async fn first_start(db: &Db, start: &FirstStart) -> Result<FirstStarted, StartError> {
    let preset = start.admin_token.as_deref().map(checked).transpose()?;
    let (sample, master) = (start.sample, start.master_key.clone());
    let begun = db
        .write(move |tx| {
            Box::pin(async move {
                let now = clock::now();
                // one at a time: of several consoles that start at once, one makes the installation
                store::server::raise_registry_revision(tx).await?;
                if store::organization::installation(tx).await?.is_some() {
                    if let Some(digest) = preset {
                        make_valid(tx, digest, now).await?;
                    }
                    return Ok(FirstStarted { created: false, sign_in_token: None, sample_webhook: None });
                }
                create(tx, (preset, sample), &master, now).await
            })
        })
        .await?;
    Ok(begun)
}

/// What is wrong with a preset token.
///
/// # Errors
/// [`StartError::WeakToken`], which says what one must be.
pub fn judge_preset_token(token: &str) -> Result<(), StartError> {
    let visible = token.bytes().all(|byte| byte.is_ascii_graphic());
    if (LEAST_TOKEN..=512).contains(&token.len()) && visible { Ok(()) } else { Err(StartError::WeakToken) }
}

fn checked(token: &str) -> Result<[u8; 32], StartError> {
    judge_preset_token(token).map(|()| key::token_digest(token))
}

async fn create(
    tx: &mut Tx,
    (preset, sample): (Option<[u8; 32]>, bool),
    master: &MasterKey,
    now: i64,
) -> Result<FirstStarted, StartError> {
    let (organization, workspace, user) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    store::organization::insert_installation(tx, Uuid::new_v4(), now).await?;
    store::organization::insert(tx, organization, "Organization", now).await?;
    store::organization::insert_workspace(tx, organization, workspace, "Workspace", now).await?;
    store::user::insert(tx, user, "admin@localhost", "Administrator", now).await?;
    let everything = (user, store::role::Place::Organization(organization));
    let itself = store::user::Stamp { user: None, at: now };
    store::role::give(tx, everything, ("admin", false), &itself).await?;
    if let Some(digest) = preset {
        token::insert(tx, (user, PRESET), digest, now).await?;
    }
    let administrator = store::user::read(tx, user).await?.ok_or(StartError::NotStarted)?;
    let (sign_in_token, _) = sign_in_link::make(tx, &administrator, &itself).await?;
    let stamp = store::user::Stamp { user: Some(user), at: now };
    let sample_webhook = match sample {
        true => Some(sample::make(tx, (organization, workspace), master, &stamp).await?),
        false => None,
    };
    let entry = store::audit::NewEntry {
        project: None,
        stamp,
        token: None,
        session: None,
        action: "installation.create",
        target: ADMIN,
        detail: "{}",
        source_address: None,
        request_id: None,
    };
    store::audit::append(tx, &entry).await?;
    Ok(FirstStarted { created: true, sign_in_token: Some(sign_in_token), sample_webhook })
}

async fn make_valid(tx: &mut Tx, digest: [u8; 32], now: i64) -> Result<(), StartError> {
    if store::token::only_valid(tx, PRESET, digest, now).await? {
        return Ok(());
    }
    let user = store::user::administrator(tx).await?.ok_or(StartError::NotStarted)?;
    let user = Uuid::parse_str(&user.id).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    token::insert(tx, (user, PRESET), digest, now).await?;
    Ok(())
}
