//! What commits changed, lists of commits, and changes of many resources at once.

use store::StoreError;
use store::commit::Filter;
use store::resource::{Kind, Member};
use uuid::Uuid;

use crate::config_resources::{commit, data_source};
use crate::config_world::{STAMP, World, content, place};

#[tokio::test]
async fn each_commit_knows_what_it_changed() {
    let world = World::new().await;
    let (one, other) = (world.one.clone(), world.other.clone());
    let answer = world
        .write(move |tx| {
            Box::pin(async move {
                let (kept, gone) =
                    (data_source(tx, &one, "kept").await?, data_source(tx, &one, "gone").await?);
                let first = commit(tx, &one).await?;
                let there = place(&one, Kind::DataSource, kept);
                store::resource::save(tx, &one.scope, &there, (&content("new", None), Some(&first)), &STAMP)
                    .await?;
                let removed = place(&one, Kind::DataSource, gone);
                store::resource::remove(tx, &one.scope, &removed, &STAMP).await?;
                let added = data_source(tx, &one, "added").await?;
                let second = commit(tx, &one).await?;
                let changes = store::commit::changes(tx, &one.scope, &second).await?;
                let of = |id: Uuid| {
                    let found = changes.iter().find(|change| change.id == id.to_string()).unwrap();
                    (found.change.as_str(), found.name.as_str())
                };
                assert_eq!(
                    (of(kept), of(gone), of(added)),
                    (("changed", "new"), ("removed", "gone"), ("added", "added"))
                );
                assert_eq!(store::commit::changes(tx, &one.scope, &first).await?.len(), 2);
                let line = store::commit::line(tx, &one.scope, &second).await?;
                assert_eq!(line, [first.clone(), second.clone()].into());
                let id = kept.to_string();
                let versions = store::commit::versions(tx, &one.scope, (&id, None), None, 10).await?;
                assert_eq!(versions.iter().map(|v| &v.commit.id).collect::<Vec<_>>(), [&second, &first]);
                let older =
                    store::commit::versions(tx, &one.scope, (&id, Some(&one.branch)), Some(&second), 10)
                        .await?;
                assert_eq!(older.len(), 1);
                let filter = Filter {
                    resource: Some(added.to_string()),
                    branch: Some(one.branch.clone()),
                    ..Filter::default()
                };
                let found = store::commit::list(tx, &one.scope, &filter, None, 10).await?;
                assert_eq!(found.iter().map(|c| &c.id).collect::<Vec<_>>(), [&second]);

                // a foreign project sees nothing of it
                let foreign = &other.scope;
                assert!(store::commit::changes(tx, foreign, &second).await?.is_empty());
                assert!(store::commit::line(tx, foreign, &second).await?.is_empty());
                assert!(store::commit::changed_by(tx, foreign, &id).await?.is_empty());
                assert!(store::commit::versions(tx, foreign, (&id, None), None, 10).await?.is_empty());
                assert!(store::commit::list(tx, foreign, &filter, None, 10).await?.is_empty());
                assert!(store::commit::list(tx, foreign, &Filter::default(), None, 10).await?.is_empty());
                assert!(store::work::touches(tx, foreign, &one.branch).await?.is_empty());
                assert!(store::resource::kind_of(tx, foreign, &id).await?.is_none());
                assert!(store::resource::version(tx, foreign, &versions[0].version).await?.is_none());
                let out = store::work::replace(tx, foreign, &one.branch, (&[id], &[]), &STAMP).await;
                assert!(matches!(out, Err(StoreError::NotFound)), "{out:?}");
                let deleted = store::branch::delete(tx, foreign, &one.branch, 0).await;
                assert!(matches!(deleted, Err(StoreError::NotFound)), "{deleted:?}");
                assert_eq!(store::resource::work_in_progress(tx, &one.scope, &one.branch).await?.len(), 2);
                Ok(())
            })
        })
        .await;
    answer.unwrap();
}

#[tokio::test]
async fn names_change_places_in_one_change_and_doubles_are_refused() {
    let world = World::new().await;
    let one = world.one.clone();
    let swapped = world
        .write(move |tx| {
            Box::pin(async move {
                let ids = [data_source(tx, &one, "aaa").await?, data_source(tx, &one, "bbb").await?];
                let mut put: Vec<Member> = Vec::new();
                for (id, name) in [(ids[0], "bbb"), (ids[1], "aaa")] {
                    let content = content(name, None);
                    let version =
                        store::resource::version_with(tx, &one.scope, id, (&content, None), &STAMP).await?;
                    put.push(Member {
                        id: id.to_string(),
                        version,
                        kind: Kind::DataSource.as_str().to_owned(),
                        name: name.to_owned(),
                        name_folded: name.to_owned(),
                    });
                }
                store::work::replace(tx, &one.scope, &one.branch, (&[], &put), &STAMP).await?;
                let mut now = store::resource::work_in_progress(tx, &one.scope, &one.branch).await?;
                now.sort_by(|a, b| b.name.cmp(&a.name));
                assert_eq!(now, put);
                let half = store::work::replace(tx, &one.scope, &one.branch, (&[], &put[..1]), &STAMP).await;
                half?;
                let again = store::resource::version_with(
                    tx,
                    &one.scope,
                    ids[1],
                    (&content("bbb", None), None),
                    &STAMP,
                )
                .await?;
                let double = [Member { version: again, ..put[1].clone() }];
                Ok(store::work::replace(tx, &one.scope, &one.branch, (&[], &double), &STAMP).await)
            })
        })
        .await;
    // PostgreSQL has no use for a transaction after a refusal
    assert!(matches!(swapped, Ok(Err(StoreError::Conflict(_))) | Err(_)), "{swapped:?}");
}
