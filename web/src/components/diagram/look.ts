/** Colours of shapes by the theme's tokens, so that a diagram follows light and dark without being drawn anew. */
export const RENDERER = {
  defaultFillColor: "var(--bio-surface)",
  defaultStrokeColor: "var(--bio-text)",
  defaultLabelColor: "var(--bio-text)",
};
