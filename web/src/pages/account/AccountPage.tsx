import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { me } from "../../api/me";
import { Facts } from "../../components/Facts";
import { Head } from "../../components/Head";
import { Part } from "../../components/Part";
import { Loading } from "../../components/Silence";
import { Trouble } from "../../components/Trouble";
import { When } from "../../components/When";
import { queries } from "../../queries";
import { PURPOSE } from "../../texts/account";
import { OwnRoles } from "./OwnRoles";
import { PasswordForm } from "./PasswordForm";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

/** What is read before the page is shown. */
export const load = () => queries.ensureQueryData(me());

/** The own account. */
export function Page() {
  const who = useQuery(me());
  if (!who.data) return who.error ? <Trouble error={who.error} again={() => void who.refetch()} /> : <Loading of={who} height={320} />;
  const { name, email, token, expiresAt } = who.data;
  return (
    <>
      <Head title="Your account" purpose={PURPOSE} />
      <Stack gap="xl">
        <Facts
          facts={[
            ["Name", name],
            ["E-mail", email],
            [token === null ? "This session ends" : `Signed in by the token ${token}, which ends`, expiresAt ? <When at={expiresAt} key="end" /> : "never"],
          ]}
        />
        <Part title="Roles">
          <OwnRoles me={who.data} />
        </Part>
        <Tokens me={who.data} />
        <Sessions />
        <Part title="Password" name="password">
          <PasswordForm email={email} />
        </Part>
      </Stack>
    </>
  );
}
