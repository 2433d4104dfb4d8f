/** Texts about diagrams. */
export const DIAGRAM = {
  keys: "Arrow keys move the view.",
  unreadable: "This file cannot be drawn",
  laidOut: "The file says nothing about where its elements stand; this layout was made for looking at it.",
  missing: "In the file, but without a place in the diagram:",
};
