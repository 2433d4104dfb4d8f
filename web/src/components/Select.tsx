import { type ComboboxData, ComboboxChevron, Input, InputBase, type SelectProps } from "@mantine/core";
import { type KeyboardEvent, useLayoutEffect, useReducer, useRef, useState } from "react";
import { Missing, over, useLate } from "./Late";

/** What opens the list of one that is not searched. */
const OPENS = new Set(["ArrowDown", "ArrowUp", "Enter", " "]);

/** What is no business of the field. */
const OF_THE_LIST = new Set([
  "data", "value", "onChange", "searchable", "clearable", "clearButtonProps", "comboboxProps", "allowDeselect", "nothingFoundMessage", "withScrollArea", "maxDropdownHeight", "renderOption",
  "scrollAreaProps", "limit",
]);

/** What it is, for those who cannot see it. */
const CLOSED = { role: "combobox", "aria-haspopup": "listbox", "aria-expanded": false } as const;

/** What somebody did with it before its code was there. */
interface Early {
  focus: boolean;
  open: boolean;
  typed?: string;
}

/**
 * A list to choose from, of the library. Until its code is there (it is fetched when it is used, or before, when nothing
 * else is to be done) its field stands there alone, as it looks; what is done with it meanwhile is done then.
 */
export function Select(props: SelectProps) {
  const place = useRef<HTMLInputElement>(null);
  const [early, setEarly] = useState<Early>({ focus: false, open: false });
  const { code, error } = useLate(over, early.focus || early.open);
  // the library's field names its list only when it is drawn once more with the list there
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  // at once where it is there from the beginning
  const [late] = useState(code === undefined);
  useLayoutEffect(() => {
    if (!code || !late) return;
    if (early.focus) place.current?.focus({ preventScroll: true });
    // as a person opens it: the field then knows the list that is its own
    if (early.open) place.current?.click();
    // once, when the code has come
    // oxlint-disable-next-line react/exhaustive-deps
  }, [code]);
  if (code) {
    const begun = late && early.typed !== undefined ? { defaultSearchValue: early.typed } : {};
    const opened = () => {
      props.onDropdownOpen?.();
      setTimeout(drawAgain);
    };
    return <code.Select ref={place} {...begun} {...props} onDropdownOpen={opened} />;
  }
  return (
    <>
      <Field props={props} early={early} set={setEarly} failed={error !== undefined} />
      {early.open && <Missing error={error} again={over.fetch} close={() => setEarly({ focus: false, open: false })} />}
    </>
  );
}

interface FieldProps {
  props: SelectProps;
  early: Early;
  set: (early: Early) => void;
  /** Its code did not come: it is still wished for by who goes to try again. */
  failed: boolean;
}

function Field({ props, early, set, failed }: FieldProps) {
  const { data, value, searchable, clearable, clearButtonProps, onChange } = props;
  const rest = Object.fromEntries(Object.entries(props).filter(([name]) => !OF_THE_LIST.has(name)));
  return (
    <InputBase
      __staticSelector="Select"
      __defaultRightSection={<ComboboxChevron size={props.size ?? "sm"} error={props.error} />}
      __clearable={clearable === true && value != null}
      __clearSection={<Input.ClearButton {...clearButtonProps} onClick={() => clear(onChange)} />}
      rightSectionPointerEvents="none"
      pointer={!searchable}
      {...rest}
      {...CLOSED}
      autoComplete="off"
      readOnly={!searchable}
      value={early.typed ?? labelOf(data, value)}
      onFocus={() => set({ ...early, focus: true })}
      onBlur={() => !failed && set({ focus: false, open: false })}
      // not on the click: between pressing and letting go the code may come, and the field be another
      onMouseDown={() => set({ ...early, focus: true, open: true })}
      onKeyDown={(event: KeyboardEvent) => OPENS.has(event.key) && set({ ...early, focus: true, open: true })}
      onChange={(event) => set({ focus: true, open: true, typed: event.currentTarget.value })}
    />
  );
}

function clear(change: SelectProps["onChange"]): void {
  (change as ((value: null, option: null) => void) | undefined)?.(null, null);
}

function labelOf(data: ComboboxData | undefined, value: unknown): string {
  for (const one of data ?? []) {
    if (typeof one === "string" || typeof one === "number") {
      if (String(one) === value) return String(one);
    } else if ("value" in one && one.value === value) return String(one.label ?? one.value);
  }
  return "";
}
