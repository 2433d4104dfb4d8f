import { INSTANCE_FILTERS, type InstanceFilter } from "../../api/instances";
import { useProcessNames, useWebhookNames } from "../../api/names";
import { Filters } from "../../components/Filters";
import { NameFilter } from "../../components/NameFilter";
import { SpanFilter } from "../../components/SpanFilter";
import { SPAN, spanQuery } from "../../components/span";
import { TextFilter } from "../../components/TextFilter";
import { type FilterValues, given } from "../../components/useFilters";
import type { Place } from "../../shell/place";

/** The filters that the page's address may name. */
export const NAMES = [...INSTANCE_FILTERS, ...SPAN] as const;
export type Values = Record<(typeof NAMES)[number], string>;

/** The states of an instance, as they are shown. */
export const STATUSES = [
  { value: "active", label: "Running" },
  { value: "incident", label: "Incident" },
  { value: "completed", label: "Completed" },
  { value: "terminated", label: "Terminated" },
  { value: "cancelled", label: "Cancelled" },
];

/** For the API, at this moment. */
export function query(values: Values): InstanceFilter {
  const { last, from, to, ...rest } = values;
  return { ...given(rest), ...spanQuery({ last, from, to }, Date.now()) };
}

/** The filters above the list. */
export function InstanceFilters({ place, filters }: { place: Place; filters: FilterValues<(typeof NAMES)[number]> }) {
  const { values, set, type } = filters;
  const webhooks = useWebhookNames(place);
  const processes = useProcessNames(place);
  return (
    <Filters any={filters.any} clear={filters.clear}>
      <TextFilter label="Event id" value={values.eventId} set={(eventId) => type({ eventId })} />
      <NameFilter label="Process" any="Any process" data={processes} value={values.processDefinitionId} set={(processDefinitionId) => set({ processDefinitionId })} />
      <NameFilter label="Webhook" any="Any webhook" data={webhooks} value={values.dataSourceId} set={(dataSourceId) => set({ dataSourceId })} />
      <SpanFilter values={values} set={set} type={type} />
    </Filters>
  );
}
