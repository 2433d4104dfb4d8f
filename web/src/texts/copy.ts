// What is said where a text cannot be copied by the page.

export const COPY_BY_HAND = "This browser does not let the page copy. The text is selected: press Ctrl+C, or ⌘C on a Mac.";
