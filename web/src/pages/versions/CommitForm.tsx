import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { code, Refusal } from "../../api/refusal";
import { type CommitMade, makeCommit, runningChanged } from "../../api/versions";
import { Allowed } from "../../components/Allowed";
import { Confirm } from "../../components/Confirm";
import { counted } from "../../components/count";
import { Trouble } from "../../components/Trouble";
import { MESSAGE, type Place } from "../../shell/place";
import { MESSAGE_RULE, UNLINK } from "../../texts/versions";
import { Named } from "./Named";
import { Preview } from "./Preview";
import { Problems } from "./Problems";
import { many } from "./words";

const MOST = 200;

interface CommitFormProps {
  place: Place;
  /** The branch's, as the resources were read. */
  etag: string;
  /** The ids of what is to be taken. */
  chosen: string[];
  /** How many there are. */
  all: number;
  onMade: (made: CommitMade) => void;
  /** What else can be done with them. */
  children: ReactNode;
}

/** What is tried: these resources, and the active triggers that may go off the list with them. */
interface Attempt {
  resources: string[];
  unlink: string[];
}

/** Commits what is chosen. What keeps it from that is shown here, each problem with the way to its element. */
export function CommitForm({ place, etag, chosen, all, onMade, children }: CommitFormProps) {
  const [text, setText] = useState("");
  const message = useRef<HTMLInputElement>(null);
  const wished = useLocation({ select: (location) => location.hash === MESSAGE });
  useEffect(() => {
    // who comes to commit goes on writing
    if (wished) message.current?.focus();
  }, [wished]);
  const commit = useMutation({
    mutationFn: ({ resources, unlink }: Attempt) => makeCommit(place, { message: text, resources, unlink }),
    onSuccess: (made) => {
      setText("");
      runningChanged(place.projectId);
      onMade(made);
    },
  });
  // what was said of another choice is old
  const same = commit.variables?.resources.join() === chosen.join();
  const refused = same && commit.error instanceof Refusal ? commit.error : undefined;
  const asks = code(refused) === "would-unlink-active";
  const field = refused?.field("message");
  const problems = refused?.problem.problems;
  const blocking = refused?.problem.blocking ?? [];
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="commit">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          commit.mutate({ resources: chosen, unlink: [] });
        }}
      >
        <Stack gap="sm">
          <Title order={2} id="commit">
            Commit
          </Title>
          <Group align="flex-end" gap="sm">
            <TextInput
              style={{ flex: "1 1 260px" }}
              ref={message}
              label="Message"
              description={`${MESSAGE_RULE} ${counted(text, MOST)}`}
              required
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              error={field}
              autoComplete="off"
            />
            <Allowed right="commit:create">
              <Button type="submit" loading={commit.isPending} disabled={text.trim() === "" || chosen.length === 0}>
                {chosen.length === all ? `Commit ${many(all, "resource")}` : `Commit ${chosen.length} of ${many(all, "resource")}`}
              </Button>
            </Allowed>
            {children}
          </Group>
          {same && !asks && !field && <Trouble error={commit.error} />}
          {problems ? <Problems place={place} problems={problems} /> : <Preview place={place} etag={etag} chosen={chosen} />}
        </Stack>
      </form>
      <Confirm
        opened={asks}
        onClose={() => commit.reset()}
        title="Take active triggers off?"
        act="Commit and take them off"
        busy={commit.isPending}
        onConfirm={() => commit.mutate({ resources: chosen, unlink: blocking.map((one) => one.id) })}
      >
        <Named things={blocking} />
        <Text size="sm" mt="xs">
          {UNLINK}
        </Text>
      </Confirm>
    </Paper>
  );
}
