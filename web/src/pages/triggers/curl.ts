/** A word of a POSIX shell that stands for exactly this text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command line that sends this body to this URL, whatever is in either. */
export function curl(url: string, payload: string, contentType = "application/json"): string {
  // curl reads [1-3] and {a,b} in a URL as a list of URLs
  const globoff = /[[\]{}]/.test(url) ? " --globoff" : "";
  // --data-raw: a body that begins with @ is no file name; --url: a URL that begins with - is no option
  return `curl -X POST${globoff} --url ${quoted(url)} -H ${quoted(`Content-Type: ${contentType}`)} --data-raw ${quoted(payload)}`;
}

/** The URL with something else in place of its key. */
export function masked(url: string, key: string): string {
  return key === "" ? url : url.replace(encodeURIComponent(key), "•".repeat(12)).replace(key, "•".repeat(12));
}
