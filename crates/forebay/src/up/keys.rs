//! `forebay token`, `forebay sign-in-link` and `forebay url`: they open the store of a data folder (or the one in PostgreSQL), whether a Forebay runs on it or not.

use store::Db;

use super::Error;
use crate::config::Config;
use crate::data_folder;
use crate::text::say;
use crate::transfer::Server;

/// Makes a new API token and prints it.
pub(crate) fn token(config: &Config, name: &str) -> Result<(), Error> {
    on_store(config, async |db| {
        let token = console::mint_token(&db, name).await.map_err(|e| Error::Ask(e.to_string()))?;
        say(token.reveal());
        Ok(())
    })
}

/// Makes a new sign-in link and prints it.
pub(crate) fn sign_in_link(config: &Config, email: Option<&str>) -> Result<(), Error> {
    let public = public_url(config);
    on_store(config, async |db| {
        let made = console::mint_sign_in_link(&db, &public, email).await;
        let link = made.map_err(|e| Error::Ask(e.to_string()))?;
        say(link.reveal());
        Ok(())
    })
}

/// Where the outside reaches us: the setting, else where a running process listens, else where one would.
fn public_url(config: &Config) -> String {
    match (config.public_url.as_str(), data_folder::address(&config.data)) {
        ("", Some(address)) => address,
        ("", None) => format!("http://{}", config.listen),
        (public, _) => public.to_owned(),
    }
}

/// Prints the URL of a webhook.
pub(crate) fn url(config: &Config, name: &str) -> Result<(), Error> {
    let public = public_url(config);
    on_store(config, async |db| {
        let master = data_folder::master_key(config, true)?;
        let url = console::webhook_url(&db, &master, &public, name).await?;
        say(url.reveal());
        Ok(())
    })
}

/// The Forebay that runs on the data folder, and a token for it that ends by itself.
pub(crate) fn running(config: &Config) -> Result<Server, Error> {
    let address = data_folder::address(&config.data).ok_or_else(|| {
        Error::Ask(format!(
            "no Forebay is running on {}: start it (forebay up), say where its data is with --data, or name another with --server",
            config.data.display()
        ))
    })?;
    on_store(config, async |db| {
        let token = console::passing_token(&db, "forebay export and import").await?;
        Ok(Server::new(&address, token.reveal().to_owned()))
    })
}

pub(super) fn on_store<T>(
    config: &Config,
    act: impl AsyncFnOnce(Db) -> Result<T, Error>,
) -> Result<T, Error> {
    let postgres = config.store.postgres();
    let file = data_folder::store(&config.data);
    if postgres.is_none() && !file.exists() {
        return Err(Error::Ask(format!(
            "there is no data in {}: start Forebay once (forebay up), or say where with --data",
            config.data.display()
        )));
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Threads)?;
    runtime.block_on(async {
        let db = match postgres {
            Some(options) => Db::postgres(&options).await?,
            None => Db::sqlite(&file, store::Options { readers: 1, durable: true }).await?,
        };
        let answer = act(db.clone()).await;
        db.close().await;
        answer
    })
}
