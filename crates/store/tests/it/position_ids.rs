//! Ids of records that other producers wrote are any text; a position gives back the very same.

use store::StoreError;
use store::position::{LogPosition, Partition};

use crate::runtime_databases::databases;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_holds_any_id() {
    const PLACE: Partition<'_> = Partition { topic: "ids", number: 0 };
    let ids =
        ["", "a", "a\u{0}b", "\u{0}", "\u{1}", "\u{1}0", "\u{1}1", "\u{0}1\u{1}0\u{1}\u{0}", "é\u{1}😀"];
    for database in databases(1).await {
        for (at, id) in (1..).zip(ids) {
            let position =
                LogPosition { next_offset: at, last_id: Some(id.to_owned()), last_time: Some(i64::MIN) };
            let own = position.clone();
            let (held, forgotten) = database
                .db
                .write::<_, StoreError, _>(move |tx| {
                    Box::pin(async move {
                        store::position::advance(tx, PLACE, &own, 1).await?;
                        let held = store::position::load(tx, PLACE).await?;
                        Ok((held, store::position::forget(tx, PLACE, &own).await?))
                    })
                })
                .await
                .unwrap();
            assert_eq!(held, Some(position), "{}: {id:?}", database.name);
            assert!(forgotten, "{}: {id:?}", database.name);
        }
    }
}
