//! Who may do what: the one table of operations and the right that each needs. The middleware asks it on every
//! request (an operation that does not stand here is refused), the API document copies it.

mod level;
mod right;
pub(crate) mod roles;

use http::Method;

pub use level::Level;
pub use right::{GRANTABLE, Right, Rights};
pub use roles::{ROLES, Role};

/// One operation of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `operationId` in the API document.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the host, with its parameters in braces.
    pub path: &'static str,
    /// What a caller must be allowed to.
    pub right: Right,
}

const fn op(id: &'static str, method: Method, path: &'static str, right: Right) -> Operation {
    Operation { id, method, path, right }
}

macro_rules! path {
    ($rest:literal) => {
        concat!("/api/v1", $rest)
    };
    (organization $rest:literal) => {
        concat!("/api/v1/organizations/{organizationId}", $rest)
    };
    (workspace $rest:literal) => {
        concat!("/api/v1/workspaces/{workspaceId}", $rest)
    };
    (project $rest:literal) => {
        concat!("/api/v1/projects/{projectId}", $rest)
    };
    (branch $rest:literal) => {
        concat!("/api/v1/projects/{projectId}/branches/{branch}", $rest)
    };
}

/// Every operation. PUT and PATCH, and DELETE where the thing has an ETag, need `If-Match`.
pub const OPERATIONS: &[Operation] = &[
    op("readDocument", Method::GET, path!("/openapi.json"), Right::Public),
    op("signIn", Method::POST, path!("/session"), Right::Public),
    op("signOut", Method::DELETE, path!("/session"), Right::SignedIn),
    op("readSignInLink", Method::POST, path!("/sign-in-link"), Right::Public),
    op("redeemSignInLink", Method::POST, path!("/sign-in-link/redeem"), Right::Public),
    op("readMe", Method::GET, path!("/me"), Right::SignedIn),
    op("changePassword", Method::POST, path!("/me/password"), Right::AccountManage),
    op("listSessions", Method::GET, path!("/sessions"), Right::AccountManage),
    op("endSession", Method::DELETE, path!("/sessions/{sessionId}"), Right::AccountManage),
    op("listTokens", Method::GET, path!("/tokens"), Right::AccountManage),
    op("createToken", Method::POST, path!("/tokens"), Right::AccountManage),
    op("revokeToken", Method::DELETE, path!("/tokens/{tokenId}"), Right::AccountManage),
    op("listUsers", Method::GET, path!("/users"), Right::UserManage),
    op("createUser", Method::POST, path!("/users"), Right::UserManage),
    op("readUser", Method::GET, path!("/users/{userId}"), Right::UserManage),
    op("changeUser", Method::PATCH, path!("/users/{userId}"), Right::UserManage),
    op("createSignInLink", Method::POST, path!("/users/{userId}/sign-in-link"), Right::UserManage),
    op("listOrganizationMembers", Method::GET, path!(organization "/members"), Right::MemberManage),
    op("addOrganizationMember", Method::POST, path!(organization "/members"), Right::MemberManage),
    op("readOrganizationMember", Method::GET, path!(organization "/members/{userId}"), Right::MemberManage),
    op(
        "changeOrganizationMember",
        Method::PATCH,
        path!(organization "/members/{userId}"),
        Right::MemberManage,
    ),
    op(
        "removeOrganizationMember",
        Method::DELETE,
        path!(organization "/members/{userId}"),
        Right::MemberManage,
    ),
    op(
        "removeOrganizationMemberRole",
        Method::DELETE,
        path!(organization "/members/{userId}/roles/{role}"),
        Right::MemberManage,
    ),
    op("listWorkspaceMembers", Method::GET, path!(workspace "/members"), Right::MemberManage),
    op("addWorkspaceMember", Method::POST, path!(workspace "/members"), Right::MemberManage),
    op("readWorkspaceMember", Method::GET, path!(workspace "/members/{userId}"), Right::MemberManage),
    op("changeWorkspaceMember", Method::PATCH, path!(workspace "/members/{userId}"), Right::MemberManage),
    op("removeWorkspaceMember", Method::DELETE, path!(workspace "/members/{userId}"), Right::MemberManage),
    op(
        "removeWorkspaceMemberRole",
        Method::DELETE,
        path!(workspace "/members/{userId}/roles/{role}"),
        Right::MemberManage,
    ),
    op("listProjectMembers", Method::GET, path!(project "/members"), Right::MemberManage),
    op("addProjectMember", Method::POST, path!(project "/members"), Right::MemberManage),
    op("readProjectMember", Method::GET, path!(project "/members/{userId}"), Right::MemberManage),
    op("changeProjectMember", Method::PATCH, path!(project "/members/{userId}"), Right::MemberManage),
    op("removeProjectMember", Method::DELETE, path!(project "/members/{userId}"), Right::MemberManage),
    op(
        "removeProjectMemberRole",
        Method::DELETE,
        path!(project "/members/{userId}/roles/{role}"),
        Right::MemberManage,
    ),
    op("listProjectTokens", Method::GET, path!(project "/tokens"), Right::MemberManage),
    op("revokeProjectToken", Method::DELETE, path!(project "/tokens/{tokenId}"), Right::MemberManage),
    op("listAudit", Method::GET, path!(project "/audit"), Right::AuditRead),
    op("exportAudit", Method::GET, path!(project "/audit/export"), Right::AuditRead),
    op("verifyAudit", Method::GET, path!(project "/audit/verification"), Right::AuditRead),
    op("listInstallationAudit", Method::GET, path!("/audit"), Right::AuditRead),
    op("exportInstallationAudit", Method::GET, path!("/audit/export"), Right::AuditRead),
    op("verifyInstallationAudit", Method::GET, path!("/audit/verification"), Right::AuditRead),
    op("listServers", Method::GET, path!("/servers"), Right::SignedIn),
    op("listOrganizations", Method::GET, path!("/organizations"), Right::SignedIn),
    op("listWorkspaces", Method::GET, path!("/workspaces"), Right::SignedIn),
    op("listProjects", Method::GET, path!("/projects"), Right::ProjectRead),
    op("createProject", Method::POST, path!("/projects"), Right::ProjectManage),
    op("importProject", Method::POST, path!("/projects/import"), Right::ProjectManage),
    op("previewImportProject", Method::POST, path!("/projects/import/preview"), Right::ProjectManage),
    op("readProject", Method::GET, path!(project ""), Right::ProjectRead),
    op("renameProject", Method::PATCH, path!(project ""), Right::ProjectManage),
    op("deleteProject", Method::DELETE, path!(project ""), Right::ProjectManage),
    op("listBranches", Method::GET, path!(project "/branches"), Right::ProjectRead),
    op("createBranch", Method::POST, path!(project "/branches"), Right::Draw),
    op("readBranch", Method::GET, path!(branch ""), Right::ProjectRead),
    op("renameBranch", Method::PATCH, path!(branch ""), Right::Draw),
    op("deleteBranch", Method::DELETE, path!(branch ""), Right::Draw),
    op("listChanges", Method::GET, path!(branch "/changes"), Right::ProjectRead),
    op("readChange", Method::GET, path!(branch "/changes/{resourceDefinitionId}"), Right::ProjectRead),
    op("previewBring", Method::GET, path!(branch "/bring"), Right::ProjectRead),
    op("bring", Method::POST, path!(branch "/bring"), Right::Draw),
    op("discardChanges", Method::POST, path!(branch "/discard"), Right::Draw),
    op("restoreResources", Method::POST, path!(branch "/restore"), Right::Draw),
    op("exportBranch", Method::GET, path!(branch "/export"), Right::ProjectRead),
    op("importIntoBranch", Method::POST, path!(branch "/import"), Right::Draw),
    op("previewImportIntoBranch", Method::POST, path!(branch "/import/preview"), Right::Draw),
    op("checkBranch", Method::POST, path!(branch "/check"), Right::ProjectRead),
    op("listCommits", Method::GET, path!(branch "/commits"), Right::ProjectRead),
    op("createCommit", Method::POST, path!(branch "/commits"), Right::Commit),
    op("previewCommit", Method::POST, path!(branch "/commits/preview"), Right::ProjectRead),
    op("listProjectCommits", Method::GET, path!(project "/commits"), Right::ProjectRead),
    op("readCommit", Method::GET, path!(project "/commits/{commitId}"), Right::ProjectRead),
    op("exportCommit", Method::GET, path!(project "/commits/{commitId}/export"), Right::ProjectRead),
    op("listCommitChanges", Method::GET, path!(project "/commits/{commitId}/changes"), Right::ProjectRead),
    op(
        "readCommitChange",
        Method::GET,
        path!(project "/commits/{commitId}/changes/{resourceDefinitionId}"),
        Right::ProjectRead,
    ),
    op(
        "readCommittedResource",
        Method::GET,
        path!(project "/commits/{commitId}/resources/{resourceDefinitionId}"),
        Right::ProjectRead,
    ),
    op(
        "readCommittedBpmn",
        Method::GET,
        path!(project "/commits/{commitId}/resources/{resourceDefinitionId}/bpmn"),
        Right::ProjectRead,
    ),
    op(
        "listResourceVersions",
        Method::GET,
        path!(project "/resources/{resourceDefinitionId}/versions"),
        Right::ProjectRead,
    ),
    op(
        "compareVersions",
        Method::GET,
        path!(project "/resources/{resourceDefinitionId}/versions/{versionId}/changes"),
        Right::ProjectRead,
    ),
    op("listDataSources", Method::GET, path!(branch "/data-sources"), Right::ProjectRead),
    op("createDataSource", Method::POST, path!(branch "/data-sources"), Right::Draw),
    op(
        "readDataSource",
        Method::GET,
        path!(branch "/data-sources/{resourceDefinitionId}"),
        Right::ProjectRead,
    ),
    op("changeDataSource", Method::PATCH, path!(branch "/data-sources/{resourceDefinitionId}"), Right::Draw),
    op("deleteDataSource", Method::DELETE, path!(branch "/data-sources/{resourceDefinitionId}"), Right::Draw),
    op("listProcessDefinitions", Method::GET, path!(branch "/process-definitions"), Right::ProjectRead),
    op("createProcessDefinition", Method::POST, path!(branch "/process-definitions"), Right::Draw),
    op(
        "readProcessDefinition",
        Method::GET,
        path!(branch "/process-definitions/{resourceDefinitionId}"),
        Right::ProjectRead,
    ),
    op(
        "renameProcessDefinition",
        Method::PATCH,
        path!(branch "/process-definitions/{resourceDefinitionId}"),
        Right::Draw,
    ),
    op(
        "deleteProcessDefinition",
        Method::DELETE,
        path!(branch "/process-definitions/{resourceDefinitionId}"),
        Right::Draw,
    ),
    op(
        "readBpmn",
        Method::GET,
        path!(branch "/process-definitions/{resourceDefinitionId}/bpmn"),
        Right::ProjectRead,
    ),
    op(
        "saveBpmn",
        Method::PUT,
        path!(branch "/process-definitions/{resourceDefinitionId}/bpmn"),
        Right::Draw,
    ),
    op(
        "tryProcess",
        Method::POST,
        path!(branch "/process-definitions/{resourceDefinitionId}/try"),
        Right::Draw,
    ),
    op("readActivePolicy", Method::GET, path!(project "/active-policy"), Right::ProjectRead),
    op("previewActivePolicy", Method::POST, path!(project "/active-policy/preview"), Right::ProjectRead),
    op("chooseActivePolicy", Method::PUT, path!(project "/active-policy"), Right::PolicyWrite),
    op("listTriggers", Method::GET, path!(project "/triggers"), Right::ProjectRead),
    op("readTrigger", Method::GET, path!(project "/triggers/{triggerId}"), Right::ProjectRead),
    op("changeTrigger", Method::PATCH, path!(project "/triggers/{triggerId}"), Right::TriggerOperate),
    op(
        "activateTrigger",
        Method::POST,
        path!(project "/triggers/{triggerId}/activate"),
        Right::TriggerOperate,
    ),
    op(
        "deactivateTrigger",
        Method::POST,
        path!(project "/triggers/{triggerId}/deactivate"),
        Right::TriggerOperate,
    ),
    op("revealUrl", Method::POST, path!(project "/triggers/{triggerId}/reveal-url"), Right::TriggerRevealUrl),
    op(
        "resetApiKey",
        Method::POST,
        path!(project "/triggers/{triggerId}/reset-api-key"),
        Right::TriggerResetApiKey,
    ),
    op(
        "sendTestEvent",
        Method::POST,
        path!(project "/triggers/{triggerId}/test-event"),
        Right::TriggerOperate,
    ),
    op("listFailedTriggers", Method::GET, path!(project "/failed-triggers"), Right::RuntimeRead),
    op("listFailedTriggerGroups", Method::GET, path!(project "/failed-triggers/groups"), Right::RuntimeRead),
    op("retryFailedTriggers", Method::POST, path!(project "/failed-triggers/retry"), Right::RuntimeOperate),
    op(
        "dismissFailedTriggers",
        Method::POST,
        path!(project "/failed-triggers/dismiss"),
        Right::RuntimeOperate,
    ),
    op(
        "readFailedTrigger",
        Method::GET,
        path!(project "/failed-triggers/{failedTriggerId}"),
        Right::RuntimeRead,
    ),
    op(
        "retryFailedTrigger",
        Method::POST,
        path!(project "/failed-triggers/{failedTriggerId}/retry"),
        Right::RuntimeOperate,
    ),
    op(
        "dismissFailedTrigger",
        Method::DELETE,
        path!(project "/failed-triggers/{failedTriggerId}"),
        Right::RuntimeOperate,
    ),
    op("listInstances", Method::GET, path!(project "/process-instances"), Right::RuntimeRead),
    op("countInstances", Method::GET, path!(project "/process-instances/counts"), Right::RuntimeRead),
    op("readInstance", Method::GET, path!(project "/process-instances/{instanceId}"), Right::RuntimeRead),
    op(
        "readVariable",
        Method::GET,
        path!(project "/process-instances/{instanceId}/variables/{name}"),
        Right::PayloadRead,
    ),
    op(
        "cancelInstance",
        Method::POST,
        path!(project "/process-instances/{instanceId}/cancel"),
        Right::RuntimeOperate,
    ),
    op(
        "changeVariables",
        Method::POST,
        path!(project "/process-instances/{instanceId}/change-variables"),
        Right::RuntimeOperate,
    ),
    op(
        "listInstanceIncidents",
        Method::GET,
        path!(project "/process-instances/{instanceId}/incidents"),
        Right::RuntimeRead,
    ),
    op("listIncidents", Method::GET, path!(project "/incidents"), Right::RuntimeRead),
    op("retryIncidents", Method::POST, path!(project "/incidents/retry"), Right::RuntimeOperate),
    op("retryIncident", Method::POST, path!(project "/incidents/{incidentId}/retry"), Right::RuntimeOperate),
    op("listOperations", Method::GET, path!(project "/operations"), Right::RuntimeRead),
    op("readOperation", Method::GET, path!(project "/operations/{operationId}"), Right::RuntimeRead),
    op(
        "cancelOperation",
        Method::POST,
        path!(project "/operations/{operationId}/cancel"),
        Right::RuntimeOperate,
    ),
    op("readCommand", Method::GET, path!(project "/commands/{commandId}"), Right::RuntimeRead),
    op("listEvents", Method::GET, path!(project "/events"), Right::RuntimeRead),
    op("listHours", Method::GET, path!(project "/hourly-counts"), Right::RuntimeRead),
    op(
        "listHoursOfTrigger",
        Method::GET,
        path!(project "/triggers/{triggerId}/hourly-counts"),
        Right::RuntimeRead,
    ),
    op(
        "listRequestsOfTrigger",
        Method::GET,
        path!(project "/triggers/{triggerId}/requests"),
        Right::RuntimeRead,
    ),
    op(
        "readPayloadShape",
        Method::GET,
        path!(branch "/data-sources/{resourceDefinitionId}/payload-shape"),
        Right::RuntimeRead,
    ),
    op("openStream", Method::GET, path!(project "/stream"), Right::RuntimeRead),
    op("readEvent", Method::GET, path!(project "/events/{eventId}"), Right::RuntimeRead),
];

/// Operations that change many resources of a branch at once: nobody may lose what they have not seen.
const WHOLE_BRANCH: &[&str] = &["bring", "discardChanges", "restoreResources", "importIntoBranch"];
/// What is taken away without an `ETag`: doing it twice comes to the same.
const UNTAGGED: &[&str] =
    &["dismissFailedTrigger", "signOut", "endSession", "revokeToken", "revokeProjectToken"];

impl Operation {
    /// Whether it changes a thing with an ETag, and so needs `If-Match`.
    pub fn needs_if_match(&self) -> bool {
        WHOLE_BRANCH.contains(&self.id)
            || matches!(self.method, Method::PUT | Method::PATCH)
            || (self.method == Method::DELETE && !UNTAGGED.contains(&self.id))
    }

    /// The operation of a request, by its method and the pattern that its path matched.
    pub(crate) fn of(method: &Method, path: &str) -> Option<&'static Operation> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        OPERATIONS.iter().find(|operation| operation.method == *method && operation.path == path)
    }
}
