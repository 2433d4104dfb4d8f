/** Of a part of the console whose code did not come. */
export const LATE = {
  away: "The server does not answer, so this part of the console could not be fetched. What you typed is kept; try again.",
  missing: "This part of the console could not be fetched: a newer version may have been installed. What you typed is kept; try again, or save your work and load the page anew.",
};
