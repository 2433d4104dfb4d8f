//! The sample project *Order intake*: a webhook, a process with a condition, a script and two ends, committed
//! and active.

use store::resource::{Content, Kind, Place, WebhookSettings};
use store::user::Stamp;
use store::{Scope, StoreError, Tx};
use uuid::Uuid;
use webhook::{MasterKey, ProjectName, ResourceName, TriggerState};

use super::StartError;
use crate::{commit, project};

const PROJECT: &str = "Order intake";
const WEBHOOK: &str = "orders";
const PROCESS: &str = "order-intake";
const BPMN: &str = include_str!("order-intake.bpmn");

/// Makes it, in the transaction of the first start; the webhook's name.
pub(super) async fn make(
    tx: &mut Tx,
    (organization, workspace): (Uuid, Uuid),
    master: &MasterKey,
    stamp: &Stamp,
) -> Result<&'static str, StartError> {
    let scope = Scope { organization, workspace, project: Uuid::new_v4() };
    let name = ProjectName::parse(PROJECT).map_err(|e| StartError::Sample(e.to_string()))?;
    let branch = project::create::make(tx, &scope, &name, stamp).await?;
    let (data_source, process) = (Uuid::new_v4(), Uuid::new_v4());
    let settings = WebhookSettings {
        description: "Orders from the shop. Try it with the curl line that the first start prints."
            .to_owned(),
        ..WebhookSettings::default()
    };
    let webhook = content(WEBHOOK, settings.to_text()?, None)?;
    let place = Place { branch: &branch, kind: Kind::DataSource, id: data_source, expected: None };
    store::resource::create(tx, &scope, &place, &webhook, stamp).await?;
    let bpmn = BPMN.replace("{dataSource}", &data_source.to_string());
    let drawn = content(PROCESS, "{}".to_owned(), Some(bpmn.into_bytes()))?;
    let place = Place { branch: &branch, kind: Kind::ProcessDefinition, id: process, expected: None };
    store::resource::create(tx, &scope, &place, &drawn, stamp).await?;
    let wish = commit::make::Wish {
        branch: project::create::MAIN.to_owned(),
        message: "Order intake".to_owned(),
        chosen: None,
        unlink: Vec::new(),
    };
    let adopted = commit::make::in_one(tx, &scope, &wish, master, stamp).await?;
    for trigger in adopted.created {
        let id = Uuid::parse_str(&trigger).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        store::trigger::set_state(tx, &scope, id, TriggerState::Active.as_str(), stamp).await?;
    }
    Ok(WEBHOOK)
}

fn content(name: &str, settings: String, bpmn: Option<Vec<u8>>) -> Result<Content, StartError> {
    let name = ResourceName::parse(name).map_err(|e| StartError::Sample(e.to_string()))?;
    Ok(Content { name: name.as_str().to_owned(), name_folded: name.folded(), settings, bpmn })
}
