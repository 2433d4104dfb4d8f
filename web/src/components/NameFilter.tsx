import { Select } from "./Select";

/** A filter with a list of values to choose from; one that is not in the list (a removed process) stays chosen. */
export function NameFilter(props: { label: string; any: string; data: { value: string; label: string }[]; value: string; set: (value: string) => void; width?: number }) {
  const { label, any, value, width = 160 } = props;
  const known = value === "" || props.data.some((one) => one.value === value);
  const data = known ? props.data : [...props.data, { value, label: value }];
  return (
    <Select
      aria-label={label}
      placeholder={any}
      data={data}
      value={value || null}
      onChange={(chosen) => props.set(chosen ?? "")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": any }}
      nothingFoundMessage="Nothing found"
      w={width}
    />
  );
}
