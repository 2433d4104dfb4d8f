import { AUDIT_FILTERS } from "../../api/audit";
import { useList } from "../../api/list";
import { members } from "../../api/members";
import type { Named } from "../../api/names";
import { users } from "../../api/users";
import { Filters } from "../../components/Filters";
import { NameFilter } from "../../components/NameFilter";
import { SpanFilter } from "../../components/SpanFilter";
import { TextFilter } from "../../components/TextFilter";
import type { FilterValues } from "../../components/useFilters";
import { ACTIONS } from "../../texts/audit";

type AuditFilterValues = FilterValues<(typeof AUDIT_FILTERS)[number]>;

const ACTION_NAMES: Named[] = Object.entries(ACTIONS).map(([value, label]) => ({ value, label }));

/** Who, what, which and when. */
export function AuditFilterBar({ projectId, filters }: { projectId: string; filters: AuditFilterValues }) {
  return (
    <Filters any={filters.any} clear={filters.clear}>
      {projectId ? <MemberFilter projectId={projectId} filters={filters} /> : <UserFilter filters={filters} />}
      <NameFilter label="Action" any="Any action" data={ACTION_NAMES} value={filters.values.action} set={(action) => filters.set({ action })} width={240} />
      <TextFilter label="Id of the thing" value={filters.values.target} set={(target) => filters.set({ target })} width={200} />
      <SpanFilter values={filters.values} set={filters.set} />
    </Filters>
  );
}

function MemberFilter({ projectId, filters }: { projectId: string; filters: AuditFilterValues }) {
  const { rows } = useList(members(projectId));
  // somebody may have a role on several levels
  const names = new Map(rows.map((one) => [one.userId, one.email]));
  return <ByUser names={[...names].map(([value, label]) => ({ value, label }))} filters={filters} />;
}

function UserFilter({ filters }: { filters: AuditFilterValues }) {
  const { rows } = useList(users({}));
  return <ByUser names={rows.map((one) => ({ value: one.id, label: one.email }))} filters={filters} />;
}

function ByUser({ names, filters }: { names: Named[]; filters: AuditFilterValues }) {
  return <NameFilter label="User" any="Any user" data={names} value={filters.values.userId} set={(userId) => filters.set({ userId })} width={200} />;
}
