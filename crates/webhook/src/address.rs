//! Where a webhook is posted to.

use std::fmt;

use uuid::Uuid;

use crate::ApiKey;

/// What every webhook path begins with.
const PREFIX: &str = "/webhooks/incoming/";

/// The length of a hyphenated UUID.
const UUID_CHARS: usize = 36;

/// The address of one data source: the four ids in the path of its URL, from the outermost to the innermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// `orgId` in the URL.
    pub organization: Uuid,
    /// `workspaceId` in the URL.
    pub workspace: Uuid,
    /// `appId` in the URL; everywhere else it is called the project.
    pub project: Uuid,
    /// `resourceDefinitionId` in the URL.
    pub data_source: Uuid,
}

impl Address {
    /// Reads `/webhooks/incoming/{orgId}/{workspaceId}/{appId}/{resourceDefinitionId}`.
    ///
    /// Ids are hyphenated UUIDs in either case (RFC 9562 §4). Anything else, a trailing slash and
    /// percent-encoding included, is `None`: an address has one spelling apart from its case.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix(PREFIX)?;
        let mut ids = rest.split('/').map(hyphenated);
        let address = Self {
            organization: ids.next()??,
            workspace: ids.next()??,
            project: ids.next()??,
            data_source: ids.next()??,
        };
        ids.next().is_none().then_some(address)
    }

    /// The path of the URL, without the query. Also the event's `ce_source`.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(PREFIX.len() + 4 * UUID_CHARS + 3);
        path.push_str(PREFIX);
        for (index, id) in
            [self.organization, self.workspace, self.project, self.data_source].iter().enumerate()
        {
            if index > 0 {
                path.push('/');
            }
            path.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        }
        path
    }

    /// The whole URL that a sender is given, the key included.
    ///
    /// `public_url` is the scheme and authority under which the world reaches the gateway, with or without a
    /// trailing slash or a path prefix.
    pub fn url(&self, public_url: &str, key: &ApiKey) -> SecretUrl {
        SecretUrl(format!(
            "{}{}?{}={}",
            public_url.trim_end_matches('/'),
            self.path(),
            crate::api_key::QUERY_PARAMETER,
            key.reveal()
        ))
    }
}

fn hyphenated(text: &str) -> Option<Uuid> {
    if text.len() == UUID_CHARS { Uuid::try_parse(text).ok() } else { None }
}

/// A webhook URL with the API key in it. `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// The URL itself. Only for the answer to the person who asked for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretUrl([redacted])")
    }
}
