import { Head } from "../../components/Head";

/** Incoming webhooks of a branch. */
export function Page() {
  return <Head title="Data Sources" purpose="Where events come from." />;
}
