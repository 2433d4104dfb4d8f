import { Checkbox, Stack } from "@mantine/core";
import { PAYLOAD, PAYLOAD_WHY, SEVERAL } from "../../texts/members";
import { ROLES } from "../../texts/rights";

/** Roles and the flag beside them. */
export interface Given {
  roles: string[];
  payload: boolean;
}

/** Chooses one or more roles, each with what it is for. */
export function RoleFields({ given, set, error }: { given: Given; set: (given: Given) => void; error: string | undefined }) {
  return (
    <>
      <Checkbox.Group label="Roles" description={SEVERAL} value={given.roles} onChange={(roles) => set({ ...given, roles })} error={error}>
        <Stack gap="xs" mt={6}>
          {ROLES.map((role) => (
            <Checkbox key={role.value} value={role.value} label={role.label} description={role.may} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox label={PAYLOAD} description={PAYLOAD_WHY} checked={given.payload} onChange={(event) => set({ ...given, payload: event.currentTarget.checked })} />
    </>
  );
}
