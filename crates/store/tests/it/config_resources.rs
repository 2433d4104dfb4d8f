//! Resources, commits, triggers: what the store promises its callers.

use store::commit::{LinkRow, NewCommit};
use store::resource::{Kind, Place};
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::config_world::{Project, STAMP, World, content, place};

pub(crate) async fn data_source(tx: &mut Tx, project: &Project, name: &str) -> store::Result<Uuid> {
    let id = Uuid::new_v4();
    let place = place(project, Kind::DataSource, id);
    store::resource::create(tx, &project.scope, &place, &content(name, None), &STAMP).await?;
    Ok(id)
}

/// Commits the whole work in progress, with a link of each data source to a made-up process.
pub(crate) async fn commit(tx: &mut Tx, project: &Project) -> store::Result<String> {
    let members = store::resource::work_in_progress(tx, &project.scope, &project.branch).await?;
    let links: Vec<LinkRow> = members
        .iter()
        .map(|member| LinkRow {
            data_source_id: member.id.clone(),
            process_definition_id: Uuid::new_v4().to_string(),
            resource_version_id: member.version.clone(),
            element_id: "Start".to_owned(),
        })
        .collect();
    let id = Uuid::now_v7().to_string();
    let branch = store::branch::by_id(tx, &project.scope, &project.branch).await?.unwrap();
    let parent = branch.head_commit_id.as_deref();
    let new = NewCommit {
        id: &id,
        branch: &project.branch,
        parent,
        message: "m",
        members: &members,
        links: &links,
    };
    store::commit::insert(tx, &project.scope, &new, &STAMP).await?;
    store::policy::set_running(tx, &project.scope, Some(&id)).await?;
    Ok(id)
}

#[tokio::test]
async fn a_save_on_an_old_version_is_stale_and_changes_nothing() {
    let world = World::new().await;
    let project = world.one.clone();
    let answer = world
        .write(move |tx| {
            Box::pin(async move {
                let id = data_source(tx, &project, "orders").await?;
                let any = place(&project, Kind::DataSource, id);
                let first = store::resource::read(tx, &project.scope, &any).await?;
                let expected = Place { expected: Some(&first.version), ..any };
                let two = content("two", None);
                let second =
                    store::resource::save(tx, &project.scope, &expected, (&two, None), &STAMP).await?;
                assert_ne!((second.revision, &second.version), (first.revision, &first.version));
                let late = content("three", None);
                let late = store::resource::save(tx, &project.scope, &expected, (&late, None), &STAMP).await;
                assert!(matches!(late, Err(StoreError::Stale { stored: 2 })), "{late:?}");
                let now = store::resource::read(tx, &project.scope, &any).await?;
                assert_eq!(now, second);
                // the same content is no new version
                let same = store::resource::save(tx, &project.scope, &any, (&two, None), &STAMP).await?;
                assert_eq!(same, second);
                Ok(())
            })
        })
        .await;
    answer.unwrap();
}

#[tokio::test]
async fn every_function_keeps_to_its_scope() {
    let world = World::new().await;
    let (one, other) = (world.one.clone(), world.other.clone());
    let answer = world
        .write(move |tx| {
            Box::pin(async move {
                let id = data_source(tx, &one, "orders").await?;
                let commit = commit(tx, &one).await?;
                let trigger = Uuid::now_v7();
                store::trigger::insert(tx, &one.scope, trigger, &id.to_string(), &STAMP).await?;
                let key = store::trigger::Key { sha256: [1; 32], sealed: vec![2; 60] };
                store::trigger::insert_key(tx, &one.scope, trigger, &key, &STAMP).await?;

                let foreign = &other.scope;
                let there = place(&one, Kind::DataSource, id);
                assert!(matches!(
                    store::resource::read(tx, foreign, &there).await,
                    Err(StoreError::NotFound)
                ));
                let removed = store::resource::remove(tx, foreign, &there, &STAMP).await;
                assert!(matches!(removed, Err(StoreError::NotFound)));
                let kind = (one.branch.as_str(), Kind::DataSource);
                assert!(store::resource::list(tx, foreign, kind, (i64::MAX, ""), 10).await?.is_empty());
                assert!(store::resource::work_in_progress(tx, foreign, &one.branch).await?.is_empty());
                assert!(store::branch::by_id(tx, foreign, &one.branch).await?.is_none());
                assert!(matches!(store::commit::read(tx, foreign, &commit).await, Err(StoreError::NotFound)));
                assert!(store::commit::snapshot(tx, foreign, &commit).await?.is_empty());
                assert!(store::commit::links(tx, foreign, &commit).await?.is_empty());
                assert!(matches!(
                    store::trigger::read(tx, foreign, trigger).await,
                    Err(StoreError::NotFound)
                ));
                assert!(store::trigger::of_data_source(tx, foreign, id).await?.is_none());
                assert!(store::trigger::key(tx, foreign, trigger).await?.is_none());
                assert!(store::trigger::all(tx, foreign).await?.is_empty());
                let replaced = store::trigger::replace_keys(tx, foreign, trigger, &key, &STAMP).await;
                assert!(matches!(replaced, Err(StoreError::NotFound)));
                store::trigger::set_state(tx, foreign, trigger, "Active", &STAMP).await?;
                store::trigger::set_rate_limit(tx, foreign, trigger, Some(1)).await?;
                store::trigger::set_linked(tx, foreign, &trigger.to_string(), false).await?;
                let own = store::trigger::read(tx, &one.scope, trigger).await?;
                assert_eq!((own.state.as_str(), own.linked, own.rate_limit), ("Deactivated", 1, None));
                Ok(())
            })
        })
        .await;
    answer.unwrap();
}

#[tokio::test]
async fn the_registry_has_every_trigger_with_all_its_keys() {
    let world = World::new().await;
    let project = world.one.clone();
    let (id, rows) = world
        .write(move |tx| {
            Box::pin(async move {
                let id = data_source(tx, &project, "orders").await?;
                let commit = commit(tx, &project).await?;
                let trigger = Uuid::now_v7();
                store::trigger::insert(tx, &project.scope, trigger, &id.to_string(), &STAMP).await?;
                for byte in [1, 2] {
                    let key = store::trigger::Key { sha256: [byte; 32], sealed: vec![byte; 60] };
                    store::trigger::insert_key(tx, &project.scope, trigger, &key, &STAMP).await?;
                }
                let rows = store::trigger::registry_rows(tx).await?;
                assert_eq!(rows[0].commit.map(|c| c.to_string()), Some(commit));
                Ok((id, rows))
            })
        })
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].data_source, rows[0].linked, rows[0].keys.len()), (id, true, 2));
}

#[tokio::test]
async fn numbers_of_commits_go_up_by_one_and_a_thousand_members_fit() {
    let world = World::new().await;
    let project = world.one.clone();
    let answer = world
        .write(move |tx| {
            Box::pin(async move {
                for number in 0..1_234 {
                    data_source(tx, &project, &format!("source-{number}")).await?;
                }
                for expected in 1..=3 {
                    let id = commit(tx, &project).await?;
                    let made = store::commit::read(tx, &project.scope, &id).await?;
                    assert_eq!(made.number, expected);
                    assert_eq!(store::commit::snapshot(tx, &project.scope, &id).await?.len(), 1_234);
                    assert_eq!(store::commit::links(tx, &project.scope, &id).await?.len(), 1_234);
                }
                Ok(())
            })
        })
        .await;
    answer.unwrap();
}

#[tokio::test]
async fn erasing_one_project_leaves_the_other() {
    let world = World::new().await;
    let (one, other) = (world.one.clone(), world.other.clone());
    let answer = world
        .write(move |tx| {
            Box::pin(async move {
                let kept = data_source(tx, &other, "orders").await?;
                commit(tx, &other).await?;
                data_source(tx, &one, "orders").await?;
                commit(tx, &one).await?;
                store::project::erase(tx, &one.scope).await?;
                assert!(store::project::scope_of(tx, one.scope.project).await?.is_none());
                assert!(matches!(store::project::lock(tx, &one.scope).await, Err(StoreError::NotFound)));
                let there = place(&other, Kind::DataSource, kept);
                assert_eq!(store::resource::read(tx, &other.scope, &there).await?.name, "orders");
                Ok(())
            })
        })
        .await;
    answer.unwrap();
}

#[tokio::test]
async fn a_transaction_that_fails_leaves_nothing() {
    let world = World::new().await;
    let project = world.one.clone();
    let failed = world
        .write(move |tx| {
            Box::pin(async move {
                data_source(tx, &project, "orders").await?;
                data_source(tx, &project, "orders").await.map(drop)
            })
        })
        .await;
    assert!(matches!(failed, Err(StoreError::Conflict(_))), "{failed:?}");
    let project = world.one.clone();
    let left = world.write(move |tx| {
        Box::pin(async move { store::resource::work_in_progress(tx, &project.scope, &project.branch).await })
    });
    assert!(left.await.unwrap().is_empty());
}
