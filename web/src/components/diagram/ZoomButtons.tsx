import { ActionIcon } from "@mantine/core";
import { IconFocusCentered, IconMinus, IconPlus } from "@tabler/icons-react";

/** At the top right: the bottom right belongs to the mark of bpmn.io. */
export function ZoomButtons({ closer, farther, whole }: { closer: () => void; farther: () => void; whole: () => void }) {
  return (
    <ActionIcon.Group pos="absolute" top={8} right={8} style={{ zIndex: 5 }}>
      <ActionIcon variant="default" size="md" aria-label="Zoom in" title="Zoom in" onClick={closer}>
        <IconPlus size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" size="md" aria-label="Zoom out" title="Zoom out" onClick={farther}>
        <IconMinus size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" size="md" aria-label="Show the whole diagram" title="Show the whole diagram" onClick={whole}>
        <IconFocusCentered size={16} aria-hidden />
      </ActionIcon>
    </ActionIcon.Group>
  );
}
