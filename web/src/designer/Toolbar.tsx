import { ActionIcon, Badge, Button, Group } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy, IconDotsVertical, IconGitCommit, IconKeyboard } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type CommandStack from "diagram-js/lib/command/CommandStack";
import { Menu } from "../components/Menu";
import type { ProcessDefinition } from "../api/processes";
import { Head } from "../components/Head";
import type { Place } from "../shell/place";
import { Exchange } from "./Exchange";
import { MESSAGE } from "../shell/place";
import type { Replacing } from "./Replacing";
import type { Acts, Designer } from "./useDesigner";
import type { Saving } from "./useSave";

export interface ToolbarProps {
  place: Place;
  definition: ProcessDefinition;
  designer: Designer | undefined;
  acts: Acts;
  saving: Saving;
  /** Why the stored file cannot be drawn. */
  stored: string | undefined;
  replacing: Replacing;
  help: () => void;
  /** Where what is saved is committed, where something is to be. */
  commit: string | undefined;
}

/** The top of the designer: where one is, whether it is saved, and what can be done with the whole. */
export function Toolbar(props: ToolbarProps) {
  const { place, definition, designer, saving } = props;
  const dirty = designer?.dirty ?? false;
  return (
    <Head
      crumbs={[{ label: "Processes", to: `/projects/${place.projectId}/branches/${place.branch}/processes` }]}
      title={definition.name}
      label={
        <Badge variant="light" color={dirty ? "yellow" : "gray"} c={dirty ? "var(--mark-warning)" : "dimmed"} tt="none" role="status">
          {saving.busy ? "Saving…" : dirty ? "Not saved" : "Saved"}
        </Badge>
      }
    >
      <Steps designer={designer} />
      <Button leftSection={<IconDeviceFloppy size={16} aria-hidden />} onClick={() => void saving.save()} loading={saving.busy} disabled={!designer || !dirty} title="Save (Ctrl+S)">
        Save
      </Button>
      {props.commit && (
        <Button component={Link} to={props.commit} hash={MESSAGE} leftSection={<IconGitCommit size={16} aria-hidden />}>
          Commit…
        </Button>
      )}
      <More {...props} />
    </Head>
  );
}

function Steps({ designer }: { designer: Designer | undefined }) {
  const commands = () => designer?.modeler.get<CommandStack>("commandStack");
  return (
    <Group gap={4}>
      <ActionIcon variant="default" size={36} aria-label="Undo" title="Undo (Ctrl+Z)" disabled={!designer?.canUndo} onClick={() => commands()?.undo()}>
        <IconArrowBackUp size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" size={36} aria-label="Redo" title="Redo (Ctrl+Y)" disabled={!designer?.canRedo} onClick={() => commands()?.redo()}>
        <IconArrowForwardUp size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function More(props: ToolbarProps) {
  return (
    <Menu position="bottom-end" keepMounted>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="Import, export, keys">
          <IconDotsVertical size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Exchange {...props} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={props.help}>
          Keys (?)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
