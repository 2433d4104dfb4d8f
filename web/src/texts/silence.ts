/** What is said while the server does not answer. */
export const NO_ANSWER = "The server does not answer. This goes on by itself as soon as it does.";
export const NOT_YET = "The server has not answered yet. This goes on by itself as soon as it does.";
export const ASKED_AGAIN = "It is asked again by itself.";
export const NO_MORE = "More rows could not be loaded.";
export const SESSION_ENDED = "Your session had ended. What you typed is kept; sign in and try again.";
