import { FAILED_FILTERS, type FailedFilter } from "../../api/failedTriggers";
import { useProcessNames, useWebhookNames } from "../../api/names";
import { Filters } from "../../components/Filters";
import { NameFilter } from "../../components/NameFilter";
import { SpanFilter } from "../../components/SpanFilter";
import { SPAN, spanQuery } from "../../components/span";
import { TextFilter } from "../../components/TextFilter";
import { type FilterValues, filterValues, given } from "../../components/useFilters";
import type { Place } from "../../shell/place";
import { STAGES } from "../../texts/failedTriggers";

/** The filters that the page's address may name. */
export const NAMES = [...FAILED_FILTERS, ...SPAN] as const;
export type Values = Record<(typeof NAMES)[number], string>;

const STATUSES = [
  { value: "open", label: "Open" },
  { value: "retrying", label: "Retrying" },
  { value: "retried", label: "Retried" },
];

/** For the API, at this moment. */
export function query(values: Values): FailedFilter {
  const { last, from, to, ...rest } = values;
  return { ...given(rest), ...spanQuery({ last, from, to }, Date.now()) };
}

/** The values in an address. */
export const valuesOf = (search: Record<string, unknown>): Values => filterValues(search, NAMES);

/** The filters above the list. In a group the cause and what it concerns are chosen by opening one. */
export function FailedFilters({ place, filters, grouped }: { place: Place; filters: FilterValues<(typeof NAMES)[number]>; grouped: boolean }) {
  const { values, set, type } = filters;
  const webhooks = useWebhookNames(place);
  const processes = useProcessNames(place);
  const stages = Object.entries(STAGES).map(([value, { label }]) => ({ value, label }));
  return (
    <Filters any={filters.any} clear={filters.clear}>
      {!grouped && <TextFilter label="Event id" value={values.eventId} set={(eventId) => type({ eventId })} />}
      <NameFilter label="Webhook" any="Any webhook" data={webhooks} value={values.dataSourceId} set={(dataSourceId) => set({ dataSourceId })} />
      <NameFilter label="Process" any="Any process" data={processes} value={values.processDefinitionId} set={(processDefinitionId) => set({ processDefinitionId })} />
      <NameFilter label="Stage" any="Any stage" data={stages} value={values.stage} set={(stage) => set({ stage })} width={120} />
      {!grouped && <NameFilter label="State" any="Any state" data={STATUSES} value={values.status} set={(status) => set({ status })} width={120} />}
      <SpanFilter values={values} set={set} type={type} />
      {values.causeCode !== "" && <TextFilter label="Cause code" value={values.causeCode} set={(causeCode) => type({ causeCode })} width={180} />}
    </Filters>
  );
}
