import { FileButton } from "@mantine/core";
import { IconDownload, IconPhoto, IconUpload, IconVector } from "@tabler/icons-react";
import { useRef } from "react";
import { Menu } from "../components/Menu";
import { toast } from "../components/toast";
import { bpmn } from "../api/processes";
import { said } from "../api/refusal";
import { askOnce } from "../queries";
import { DESIGNER } from "../texts/designer";
import { download } from "../components/download";
import { MOST_BYTES, png, svg } from "./files";
import type { ToolbarProps } from "./Toolbar";

/** Files in and out. What came in is not saved until it is saved. */
export function Exchange({ definition, designer, acts, saving, place, stored, replacing }: ToolbarProps) {
  const { name } = definition;
  const again = useRef<() => void>(null);
  const attempt = (act: () => Promise<void>) => () => void act().catch((error: unknown) => toast({ title: name, message: said(error) }));
  const take = (file: File | null) =>
    attempt(async () => {
      if (!file) return;
      // the same file can be chosen again, once it is mended
      again.current?.();
      if (file.size > MOST_BYTES) acts.refuse(DESIGNER.tooLarge);
      else replacing.want({ xml: await file.text() });
    })();
  // a file that cannot be drawn is given as it is stored
  const source = async () => (stored ? (await askOnce(bpmn(place, definition.resourceDefinitionId))).value : acts.xml());
  return (
    <>
      <FileButton resetRef={again} onChange={take} accept=".bpmn,.xml,application/xml,text/xml">
        {(button) => (
          <Menu.Item {...button} leftSection={<IconUpload size={16} aria-hidden />} disabled={saving.busy}>
            Import a .bpmn file…
          </Menu.Item>
        )}
      </FileButton>
      <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={attempt(async () => download(new Blob([await source()], { type: "application/xml" }), `${name}.bpmn`))}>
        Export as .bpmn
      </Menu.Item>
      <Menu.Item
        leftSection={<IconVector size={16} aria-hidden />}
        disabled={!designer}
        onClick={attempt(async () => designer && download(new Blob([await svg(designer.modeler)], { type: "image/svg+xml" }), `${name}.svg`))}
      >
        Export as SVG
      </Menu.Item>
      <Menu.Item leftSection={<IconPhoto size={16} aria-hidden />} disabled={!designer} onClick={attempt(async () => designer && download(await png(designer.modeler), `${name}.png`))}>
        Export as PNG
      </Menu.Item>
    </>
  );
}
