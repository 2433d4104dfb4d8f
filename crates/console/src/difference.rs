//! The difference of two versions of a resource: of a process by element, of a data source by field.

use serde::Serialize;
use store::resource::{Content, Kind, Member, WebhookSettings};
use store::{Scope, Tx};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::data_source::Settings;
use crate::problem::Problem;

/// What differs between two versions of a resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Difference {
    resource_definition_id: String,
    /// `data-source` or `process-definition`.
    kind: String,
    /// Its name in the new version; of a removed one, the name it had.
    name: String,
    /// `added`, `changed`, `removed` or `same`.
    change: &'static str,
    /// The version on the old side; `null` if there is none.
    #[schema(required)]
    old_version_id: Option<String>,
    /// The version on the new side; `null` if there is none.
    #[schema(required)]
    new_version_id: Option<String>,
    /// Settings that differ: `name`, `description`, `redactedHeaders`, `idempotencyKey`.
    fields: Vec<FieldDifference>,
    /// Elements of the process that differ, in the order of the new file; removed ones last.
    elements: Vec<ElementDifference>,
}

/// A setting that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldDifference {
    field: &'static str,
    /// `null` where there was none.
    #[schema(required)]
    old: Option<String>,
    /// `null` where there is none.
    #[schema(required)]
    new: Option<String>,
}

/// An element of a process that differs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ElementDifference {
    /// `null` for the few elements that have no id.
    #[schema(required)]
    element_id: Option<String>,
    /// Its name as drawn.
    #[schema(required)]
    element_name: Option<String>,
    /// Its name in BPMN: `userTask`, `sequenceFlow`, …
    element_type: String,
    /// `added`, `removed`, `changed` (it says something else) or `moved` (only its place or look differs).
    change: &'static str,
    /// What differs; of an added or removed element, all that it says.
    properties: Vec<PropertyDifference>,
}

/// A property of an element that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PropertyDifference {
    /// `name`, `condition`, `script`, `documentation`, `trigger.dataSource`, `parent`, `type`, `flow order`, or a path
    /// below the element: `timerEventDefinition/timeDuration`.
    property: String,
    /// `null` where there was none.
    #[schema(required)]
    old: Option<String>,
    /// `null` where there is none.
    #[schema(required)]
    new: Option<String>,
    /// Whether it is about the diagram only.
    diagram: bool,
}

/// Both versions with their contents.
pub(crate) type Sides = (Option<(Member, Content)>, Option<(Member, Content)>);

/// Reads the contents of both versions; 404 where neither is there.
pub(crate) async fn sides(
    tx: &mut Tx,
    scope: &Scope,
    (old, new): (Option<Member>, Option<Member>),
) -> Result<Sides, Problem> {
    if old.is_none() && new.is_none() {
        return Err(Problem::not_found());
    }
    Ok((filled(tx, scope, old).await?, filled(tx, scope, new).await?))
}

async fn filled(
    tx: &mut Tx,
    scope: &Scope,
    member: Option<Member>,
) -> Result<Option<(Member, Content)>, Problem> {
    let Some(member) = member else { return Ok(None) };
    let content = store::resource::content(tx, scope, &member.version).await?;
    Ok(Some((member, content)))
}

/// How many processes are compared at once: each may take two parsers' heaps.
static COMPARED: Semaphore = Semaphore::const_new(2);

/// What differs. Runs beside the async threads.
pub(crate) async fn compare(sides: Sides) -> Result<Difference, Problem> {
    let _turn = COMPARED.acquire().await.map_err(|e| Problem::internal(e.to_string()))?;
    tokio::task::spawn_blocking(move || differ(&sides))
        .await
        .map_err(|e| Problem::internal(format!("the comparison ended early: {e}")))?
}

fn differ((old, new): &Sides) -> Result<Difference, Problem> {
    let (member, _) = new.as_ref().or(old.as_ref()).ok_or_else(Problem::not_found)?;
    let (was, is) = (old.as_ref().map(|side| &side.1), new.as_ref().map(|side| &side.1));
    let fields = fields(&member.kind, was, is)?;
    let xml = |content: Option<&Content>| content.and_then(|content| content.bpmn.clone());
    let elements = bpmn::diff(xml(was).as_deref(), xml(is).as_deref())
        .map_err(|e| Problem::unreadable_xml(&e))?
        .into_iter()
        .map(element)
        .collect::<Vec<_>>();
    let change = match (was, is) {
        (None, _) => "added",
        (_, None) => "removed",
        (Some(was), Some(is)) if was == is => "same",
        _ => "changed",
    };
    let version = |side: &Option<(Member, Content)>| side.as_ref().map(|(member, _)| member.version.clone());
    Ok(Difference {
        resource_definition_id: member.id.clone(),
        kind: member.kind.clone(),
        name: member.name.clone(),
        change,
        old_version_id: version(old),
        new_version_id: version(new),
        fields,
        elements,
    })
}

fn fields(kind: &str, old: Option<&Content>, new: Option<&Content>) -> Result<Vec<FieldDifference>, Problem> {
    let (old, new) = (settings(kind, old)?, settings(kind, new)?);
    let pairs = old.into_iter().zip(new);
    let unlike = pairs.filter(|((_, old), (_, new))| old != new);
    Ok(unlike.map(|((field, old), (_, new))| FieldDifference { field, old, new }).collect())
}

type Texts = [(&'static str, Option<String>); 4];

/// All settings of a version as texts, always in the same order.
fn settings(kind: &str, content: Option<&Content>) -> Result<Texts, Problem> {
    let mut all =
        [("name", None), ("description", None), ("redactedHeaders", None), ("idempotencyKey", None)];
    let Some(content) = content else { return Ok(all) };
    all[0].1 = Some(content.name.clone());
    if kind == Kind::DataSource.as_str() {
        let settings = WebhookSettings::from_text(&content.settings)?;
        let settings = Settings::from(settings);
        all[1].1 = Some(settings.description);
        all[2].1 = Some(settings.redacted_headers.join(", "));
        all[3].1 = settings.idempotency_key;
    }
    Ok(all)
}

fn element(found: bpmn::ElementDifference) -> ElementDifference {
    ElementDifference {
        element_id: found.id,
        element_name: found.name,
        element_type: found.tag,
        change: match found.change {
            bpmn::ElementChange::Added => "added",
            bpmn::ElementChange::Removed => "removed",
            bpmn::ElementChange::Changed => "changed",
            bpmn::ElementChange::Moved => "moved",
        },
        properties: found
            .properties
            .into_iter()
            .map(|p| PropertyDifference { property: p.property, old: p.old, new: p.new, diagram: p.diagram })
            .collect(),
    }
}
