import { Unreachable } from "./api/refusal";

/** While the server is away, parts of the console are asked for this often. */
const AGAIN = 2_000;

/** Whether the server answers at all. */
async function answers(): Promise<boolean> {
  return fetch("/", { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

/**
 * Fetches a page's code. A server that is away is not a file that is missing: for a missing one (a newer version was
 * installed) the router loads the console anew, which without a server would leave the person with nothing.
 */
export async function pageCode<T>(file: () => Promise<T>): Promise<T> {
  try {
    return await file();
  } catch (error) {
    throw (await answers()) ? error : new Unreachable(error);
  }
}

/** Fetches a part of a page; while the server is away, again and again. */
export async function partCode<T>(file: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await file();
    } catch (error) {
      if (await answers()) throw error;
      await new Promise((wake) => setTimeout(wake, AGAIN));
    }
  }
}
