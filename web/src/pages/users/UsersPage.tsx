import { Button } from "@mantine/core";
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { late } from "../../components/Late";
import { Select } from "../../components/Select";
import { useList } from "../../api/list";
import { useMayEverywhere } from "../../api/me";
import { USER_FILTERS, type User, users, usersKey } from "../../api/users";
import { Allowed } from "../../components/Allowed";
import { Empty } from "../../components/Empty";
import { Filters } from "../../components/Filters";
import { Guard } from "../../components/Guard";
import { Head } from "../../components/Head";
import { Rows } from "../../components/Rows";
import { TextFilter } from "../../components/TextFilter";
import { type FilterValues, given, useFilters } from "../../components/useFilters";
import { queries } from "../../queries";
import { EMPTY_FILTERED, PURPOSE } from "../../texts/users";
import { COLUMNS } from "./columns";
import { UserMenu, type UserAct } from "./UserMenu";

const EditUser = late(async () => (await import("./acts")).EditUser);
const LinkDialog = late(async () => (await import("./acts")).LinkDialog);
const NewUser = late(async () => (await import("./acts")).NewUser);
const SwitchUser = late(async () => (await import("./acts")).SwitchUser);

/** What is asked: of whom, and what. */
type Asked = { about: "new" } | { about: UserAct; user: User };

/** Everybody who may sign in. */
export function Page() {
  return (
    <Guard right="user:manage" may={useMayEverywhere("user:manage")} title="Users">
      <Users />
    </Guard>
  );
}

function Users() {
  const filters = useFilters(USER_FILTERS);
  const list = useList(users(given(filters.values)));
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const changed = () => {
    close();
    return queries.invalidateQueries({ queryKey: usersKey });
  };
  const menu = (user: User) => <UserMenu user={user} ask={(about) => setAsked({ about, user })} />;
  return (
    <>
      <Head title="Users" purpose={PURPOSE}>
        <Allowed right="user:manage">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAsked({ about: "new" })}>
            New user
          </Button>
        </Allowed>
      </Head>
      <UserFilters filters={filters} />
      <Rows label="Users" list={list} columns={COLUMNS} id={(user) => user.id} menu={menu} empty={<Nobody clear={filters.clear} />} />
      {asked?.about === "new" && <NewUser onClose={close} made={() => queries.invalidateQueries({ queryKey: usersKey })} />}
      {asked?.about === "edit" && <EditUser user={asked.user} onClose={close} done={changed} />}
      {asked?.about === "switch" && <SwitchUser user={asked.user} onClose={close} done={changed} />}
      {asked?.about === "link" && <LinkDialog user={asked.user} onClose={close} />}
    </>
  );
}

function UserFilters({ filters }: { filters: FilterValues<(typeof USER_FILTERS)[number]> }) {
  const { values, set, type, any, clear } = filters;
  return (
    <Filters any={any} clear={clear}>
      <TextFilter label="Whole e-mail address" value={values.email} set={(email) => type({ email })} width={240} />
      <Select
        aria-label="State"
        placeholder="Any state"
        data={[
          { value: "false", label: "Enabled" },
          { value: "true", label: "Disabled" },
        ]}
        value={values.disabled || null}
        onChange={(disabled) => set({ disabled: disabled ?? "" })}
        clearable
        clearButtonProps={{ "aria-label": "Any state" }}
        w={140}
      />
    </Filters>
  );
}

function Nobody({ clear }: { clear: () => void }) {
  return (
    <Empty icon={IconUsers} title="Nobody found" action={<Button onClick={clear}>Clear filters</Button>}>
      {EMPTY_FILTERED}
    </Empty>
  );
}
