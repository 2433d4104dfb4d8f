import { Group, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Select } from "../../components/Select";
import { makeToken, tokensKey } from "../../api/account";
import type { Me } from "../../api/me";
import { projects } from "../../api/projects";
import { Refusal } from "../../api/refusal";
import { ActForm } from "../../components/ActForm";
import { Dialog } from "../../components/Dialog";
import { Trouble } from "../../components/Trouble";
import { queries } from "../../queries";
import { ONLY_PROJECT } from "../../texts/account";
import { EXPIRIES, expiresAt } from "./expiry";
import { MadeToken } from "./MadeToken";
import { Scopes } from "./Scopes";

const FIELDS = ["name", "scopes", "projectId", "expiresAt"];

/** Makes a token, and shows its text this once. */
export function NewToken({ me, onClose }: { me: Me; onClose: () => void }) {
  const form = useForm();
  const make = useMutation({
    mutationFn: () => makeToken(form.wish()),
    onSuccess: () => void queries.invalidateQueries({ queryKey: tokensKey }),
  });
  if (make.data) return <MadeToken made={make.data} onClose={onClose} />;
  const refused = (name: string) => (make.error instanceof Refusal ? make.error.field(name) : undefined);
  const placed = FIELDS.some((name) => refused(name) !== undefined);
  return (
    <Dialog opened onClose={onClose} title="New token" size="lg">
      <ActForm act="Create" ready={form.name.trim() !== "" && form.scopes.length !== 0 && form.timely} busy={make.isPending} run={() => make.mutate()} onClose={onClose}>
        <TextInput
          label="Name"
          description={`What it is for · 1 to 100 characters · ${[...form.name].length}`}
          required
          value={form.name}
          onChange={(event) => form.setName(event.currentTarget.value)}
          error={refused("name")}
          data-autofocus
        />
        <Scopes me={me} chosen={form.scopes} choose={form.setScopes} error={refused("scopes")} />
        <Limits form={form} refused={refused} />
        {!placed && <Trouble error={make.error} />}
      </ActForm>
    </Dialog>
  );
}

function useForm() {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [projectId, setProject] = useState<string | null>(null);
  const [end, setEnd] = useState("90");
  const [own, setOwn] = useState("");
  const wish = () => ({ name, scopes, projectId, expiresAt: expiresAt(end, own, Date.now()) ?? null });
  const timely = expiresAt(end, own, 0) !== undefined;
  return { name, setName, scopes, setScopes, projectId, setProject, end, setEnd, own, setOwn, wish, timely };
}

function Limits({ form, refused }: { form: ReturnType<typeof useForm>; refused: (name: string) => string | undefined }) {
  const all = useQuery(projects()).data ?? [];
  return (
    <>
      <Select
        label="Project"
        description={ONLY_PROJECT}
        placeholder="All that I see"
        data={all.map((project) => ({ value: project.id, label: project.name }))}
        value={form.projectId}
        onChange={form.setProject}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "All that I see" }}
        nothingFoundMessage="No project of this name"
        error={refused("projectId")}
      />
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Select label="Expires" data={EXPIRIES} value={form.end} onChange={(value) => value && form.setEnd(value)} allowDeselect={false} error={form.end === "own" ? undefined : refused("expiresAt")} />
        {form.end === "own" && (
          <TextInput type="datetime-local" label="At" required value={form.own} onChange={(event) => form.setOwn(event.currentTarget.value)} error={refused("expiresAt")} />
        )}
      </Group>
    </>
  );
}
