import { Alert, Box, Text } from "@mantine/core";
import type NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { useEffect, useRef, useState } from "react";
import { DIAGRAM } from "../../texts/diagram";
import type { DiagramProps } from "./Diagram";
import { Legend } from "./Legend";
import { paint } from "./marks";
import { type Shown, draw, fit, select, viewer, zoom } from "./viewer";
import { ZoomButtons } from "./ZoomButtons";

/** The diagram itself; fetched when a page has one. */
export default function Drawing({ xml, marks, selected, onSelect, label, height = 360 }: DiagramProps) {
  const place = useRef<HTMLDivElement>(null);
  const told = useRef(onSelect);
  useEffect(() => {
    told.current = onSelect;
  }, [onSelect]);
  const made = useViewer(place, label, (id) => told.current?.(id));
  const { shown, trouble } = useFile(made, xml);
  useEffect(() => (made && shown && marks ? paint(made, marks) : undefined), [made, shown, marks]);
  useEffect(() => {
    if (made && shown) select(made, selected);
  }, [made, shown, selected]);
  return (
    <Box>
      <Box className="forebay-diagram" role="group" aria-label={label} h={height}>
        <Box ref={place} h="100%" />
        {made && <ZoomButtons closer={() => zoom(made, 1.25)} farther={() => zoom(made, 0.8)} whole={() => fit(made)} />}
      </Box>
      {marks && marks.length > 0 && <Legend marks={marks} />}
      {trouble && (
        <Alert color="red" mt="xs" title={DIAGRAM.unreadable}>
          {trouble}
        </Alert>
      )}
      {shown?.laidOut && (
        <Text size="xs" c="dimmed" mt={4}>
          {DIAGRAM.laidOut}
        </Text>
      )}
      {shown && shown.missing.length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {DIAGRAM.missing} {shown.missing.slice(0, 10).join(", ")}
          {shown.missing.length > 10 ? ", …" : ""}
        </Text>
      )}
    </Box>
  );
}

/** A viewer for as long as the place is there. React mounts twice while developing; each viewer ends with its mount. */
function useViewer(place: React.RefObject<HTMLDivElement | null>, label: string, onSelect: (id: string | undefined) => void) {
  const [made, setMade] = useState<NavigatedViewer>();
  const tell = useRef(onSelect);
  useEffect(() => {
    tell.current = onSelect;
  });
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const one = viewer(box, (id) => tell.current(id));
    name(box, label);
    setMade(one);
    return () => {
      one.destroy();
      setMade(undefined);
    };
  }, [place, label]);
  return made;
}

/** The canvas can be reached by the keyboard, so it needs a name. */
function name(box: HTMLElement, label: string): void {
  const canvas = box.querySelector("svg[tabindex]");
  canvas?.setAttribute("role", "img");
  canvas?.setAttribute("aria-label", `${label}. ${DIAGRAM.keys}`);
}

function useFile(made: NavigatedViewer | undefined, xml: string): { shown: Shown | undefined; trouble: string | undefined } {
  const [state, setState] = useState<{ shown?: Shown; trouble?: string }>({});
  useEffect(() => {
    if (!made) return undefined;
    let late = false;
    setState({});
    draw(made, xml).then(
      (shown) => {
        if (late) return;
        fit(made);
        setState({ shown });
      },
      (error: unknown) => late || setState({ trouble: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      late = true;
    };
  }, [made, xml]);
  return { shown: state.shown, trouble: state.trouble };
}
