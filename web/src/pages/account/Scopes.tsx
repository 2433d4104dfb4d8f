import { Checkbox, Stack } from "@mantine/core";
import type { Me } from "../../api/me";
import { ALL_RIGHTS } from "../../texts/account";
import { RIGHTS } from "../../texts/rights";

/** Everything that the person may, by the API's word. */
const ALL = "admin";

/** Which rights a token has. Only those that the person has somewhere are offered: others would do nothing. */
export function Scopes(props: { me: Me; chosen: string[]; choose: (scopes: string[]) => void; error: string | undefined }) {
  const { me, chosen, choose } = props;
  const own = new Set([...me.roles.flatMap((role) => role.rights), "account:manage"]);
  const all = chosen.includes(ALL);
  return (
    <Checkbox.Group
      label="It may"
      required
      error={props.error}
      value={chosen}
      // the last click counts: everything, or these
      onChange={(next) => choose(all ? next.filter((scope) => scope !== ALL) : next.includes(ALL) ? [ALL] : next)}
    >
      <Stack gap={6} mt={6}>
        <Checkbox size="xs" value={ALL} label={ALL_RIGHTS} />
        {Object.entries(RIGHTS)
          .filter(([right]) => own.has(right))
          .map(([right, words]) => (
            <Checkbox key={right} size="xs" value={right} label={words.charAt(0).toUpperCase() + words.slice(1)} disabled={all} />
          ))}
      </Stack>
    </Checkbox.Group>
  );
}
