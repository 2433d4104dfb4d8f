/** Texts of the designer. */
export const DESIGNER = {
  canvas: "Diagram. A adds an element, J and K select the next and the one before, C connects, E renames, R changes, ? shows all keys.",
  laidOut: "The file says nothing about where its elements stand; they were arranged. Saving keeps this arrangement.",
  unreadable: "This file cannot be drawn. It is kept as it is; export it, mend it, and import it again.",
  narrow: "The designer needs a window of at least 900 pixels. Here you can look at the process.",
  narrowDraft: "What you changed is not saved yet. Save it, or make the window wider to go on.",
  crashed: "This tab keeps changes of this process that were not saved",
  theirs: "Somebody else has saved another version of this process.",
  several: "Several elements are selected.",
  severalHint: "Select one to see its properties. Del removes them, the arrow keys move them.",
  noWebhook: "An event of this webhook starts the process here.",
  webhookGone: "The chosen webhook is not on this branch. Choose another one.",
  noWebhooks: "No webhook on this branch yet.",
  condition: "The first flow whose condition is true is taken, in the order in which the flows were drawn. Input is read-only.",
  conditionHint: "JavaScript that is true or false, such as webhookData.payload.amount > 100",
  defaultFlow: "Taken when no condition is true.",
  script: "JavaScript. Read variables by their name, write by assigning to output.",
  scriptHint: "output.total = webhookData.payload.items.length;",
  documentation: "For people; the engine does not read it.",
  elementId: "Logs, incidents and the API name the element by it.",
  process: "Select an element to see its properties. With no mouse: put the focus on the diagram and press A to add an element, ? for all keys.",
  notRunning: "Elements of this kind do not run yet.",
  conflict: "While you worked, somebody else saved this process. Nothing of yours is lost.",
  keepMine: "Your version takes the place of theirs.",
  takeTheirs: "Your unsaved changes are dropped. Export your version first if you want to keep it.",
  importing: "The file takes the place of what is drawn. Nothing is saved until you save.",
  tooLarge: "The file is larger than 4 MiB.",
  noProblems: "No problems. This process can be committed.",
};

/** Texts of the Try panel. */
export const TRY = {
  purpose: "Runs what is drawn now, saved or not, with this payload. Nothing is stored and nothing is sent. The way it took is painted above.",
  sample: '{\n  "orderId": "A-1",\n  "amount": 150\n}',
  event: "Its payload and headers, as they were kept.",
  noEvents: "No event of this webhook yet.",
  truncated: "large values are left out",
};
