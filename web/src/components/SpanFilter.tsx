import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Select } from "./Select";
import { LASTS, type SpanValues, fromField, toField } from "./span";
import type { FilterValues } from "./useFilters";

const OWN = "own";

/** Chooses a span of time: one of the usual ones, or from and to. */
export function SpanFilter({ values, set, type }: Pick<FilterValues<keyof SpanValues>, "values" | "set" | "type">) {
  const [own, setOwn] = useState(values.from !== "" || values.to !== "");
  const choose = (value: string | null) => {
    setOwn(value === OWN);
    set({ last: value === OWN ? "" : (value ?? ""), ...(value === OWN ? {} : { from: "", to: "" }) });
  };
  return (
    <>
      <Select
        aria-label="Time"
        placeholder="Any time"
        data={[...LASTS.map(({ value, label }) => ({ value, label })), { value: OWN, label: "From … to …" }]}
        value={values.last || (own ? OWN : null)}
        onChange={choose}
        clearable
        clearButtonProps={{ "aria-label": "Any time" }}
        w={150}
      />
      {own && values.last === "" && (
        <>
          <TextInput type="datetime-local" aria-label="From" value={toField(values.from)} onChange={(event) => type({ from: fromField(event.currentTarget.value) })} />
          <TextInput type="datetime-local" aria-label="To" value={toField(values.to)} onChange={(event) => type({ to: fromField(event.currentTarget.value) })} />
        </>
      )}
    </>
  );
}
