//! One data source.

use super::{DataSource, KIND, Tagged, tagged};
use crate::call::{self, Call};
use crate::problem::Problem;

/// A data source in a branch's work in progress.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}",
    operation_id = "readDataSource", tag = "Data sources", responses((status = 200, body = DataSource)))]
pub(crate) async fn read(call: Call) -> Result<Tagged, Problem> {
    tagged(call::connected(&call, KIND).await?)
}
