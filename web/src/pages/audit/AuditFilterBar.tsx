import type { AUDIT_FILTERS } from "../../api/audit";
import type { Named } from "../../api/names";
import { Filters } from "../../components/Filters";
import { NameFilter } from "../../components/NameFilter";
import { SpanFilter } from "../../components/SpanFilter";
import { TextFilter } from "../../components/TextFilter";
import type { FilterValues } from "../../components/useFilters";
import { ACTIONS } from "../../texts/audit";

type AuditFilterValues = FilterValues<(typeof AUDIT_FILTERS)[number]>;

const ACTION_NAMES: Named[] = Object.entries(ACTIONS).map(([value, label]) => ({ value, label }));

/** Who, what, which and when. */
export function AuditFilterBar({ people, filters }: { people: Map<string, string>; filters: AuditFilterValues }) {
  const { values, set, type, any, clear } = filters;
  return (
    <Filters any={any} clear={clear}>
      <NameFilter
        label="User"
        any="Any user"
        data={[...people].map(([value, label]) => ({ value, label }))}
        value={values.userId}
        set={(userId) => set({ userId })}
        width={200}
      />
      <NameFilter label="Action" any="Any action" data={ACTION_NAMES} value={values.action} set={(action) => set({ action })} width={240} />
      <TextFilter label="Id of the thing" value={values.target} set={(target) => type({ target })} width={200} />
      <SpanFilter values={values} set={set} type={type} />
    </Filters>
  );
}
