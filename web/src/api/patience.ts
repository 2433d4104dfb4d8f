/** A server that has not begun to answer by then never will: it gives a statement of its own up after 30 s. */
export const PATIENCE = 35_000;

/**
 * `fetch` that gives up reading what nobody answers, so that it can be asked for again: behind a proxy whose server is
 * gone a request may hang for as long as the browser lives. What changes something is not given up, since it may have
 * been done, and neither is an answer that has begun: it may be a large file on a slow line.
 */
export async function patiently(request: Request): Promise<Response> {
  if (request.method !== "GET") return fetch(request);
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(new DOMException("no answer", "TimeoutError")), PATIENCE);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, waiting.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
