import { Checkbox, Radio, Stack } from "@mantine/core";
import { PAYLOAD, PAYLOAD_WHY } from "../../texts/members";
import { ROLES } from "../../texts/rights";

/** A role and its flag. */
export interface Given {
  role: string;
  payload: boolean;
}

/** Chooses a role, each with what it is for. */
export function RoleFields({ given, set, error }: { given: Given; set: (given: Given) => void; error: string | undefined }) {
  return (
    <>
      <Radio.Group label="Role" value={given.role} onChange={(role) => set({ ...given, role })} error={error}>
        <Stack gap="xs" mt={6}>
          {ROLES.map((role) => (
            <Radio key={role.value} value={role.value} label={role.label} description={role.may} />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox label={PAYLOAD} description={PAYLOAD_WHY} checked={given.payload} onChange={(event) => set({ ...given, payload: event.currentTarget.checked })} />
    </>
  );
}
