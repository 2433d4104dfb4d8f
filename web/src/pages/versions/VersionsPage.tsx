import { Tabs } from "@mantine/core";
import { IconGitCommit, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Head } from "../../components/Head";
import { changes } from "../../api/versions";
import { queries } from "../../queries";
import { usePlace } from "../../shell/place";
import { PURPOSE } from "../../texts/versions";
import { BranchActs } from "../branches/BranchActs";
import { Commits } from "./Commits";
import { versionsPath } from "./words";
import { WorkInProgress } from "./WorkInProgress";

/** What is read before the page is shown. */
export const load = ({ projectId = "", branch = "" }: Record<string, string>) => queries.ensureQueryData(changes({ projectId, branch }));

/** What changed on a branch, and its commits. */
export function Page() {
  const place = usePlace();
  const navigate = useNavigate();
  const commits = useLocation({ select: (location) => location.pathname.endsWith("/commits") });
  const open = useQuery(changes(place)).data?.value.items.length;
  return (
    <>
      <Head title="Versions" purpose={PURPOSE}>
        <BranchActs place={place} />
      </Head>
      <Tabs value={commits ? "commits" : "work"} onChange={(to) => void navigate({ to: to === "commits" ? versionsPath(place, "commits") : versionsPath(place) })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="work" leftSection={<IconPencil size={16} aria-hidden />}>
            Work in progress{open ? ` (${open})` : ""}
          </Tabs.Tab>
          <Tabs.Tab value="commits" leftSection={<IconGitCommit size={16} aria-hidden />}>
            Commits
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="work">
          <WorkInProgress key={`${place.projectId}/${place.branch}`} place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="commits">
          <Commits place={place} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
