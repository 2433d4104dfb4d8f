import type BaseViewer from "bpmn-js/lib/BaseViewer";

/** The server takes no larger file. */
export const MOST_BYTES = 4 * 1024 * 1024;

/** The picture as a file of its own: the theme's colours are those of paper in it. */
export async function svg(viewer: BaseViewer): Promise<string> {
  return onPaper((await viewer.saveSVG()).svg);
}

/** The theme's tokens mean nothing outside of the page. */
export function onPaper(svg: string): string {
  return svg.replaceAll("var(--bio-surface)", "white").replaceAll("var(--bio-text)", "#22242a");
}

/** The picture in pixels, twice as many as it is shown with, on white. */
export async function png(viewer: BaseViewer): Promise<Blob> {
  const text = await svg(viewer);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("This browser draws no pictures.");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("The picture is too large."))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
