// Ask the endpoint, and read an answer only as far as a page can show it.
const BYTES = 16 * 1024 * 1024;
const ADDRESS = 8000;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.1";

/** What the endpoint refused: with the line and column of the mistake where there is one. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title ?? "");
    Object.assign(this, { hint: problem.hint ?? "", line: problem.line, column: problem.column, status: problem.status });
  }
}

export class TooLarge extends Error {}

async function textOf(answer, stop) {
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > BYTES) {
      stop.abort();
      throw new TooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Run a query.
 * @param {AbortController} stop
 * @returns {Promise<{type: string, text: string, table?: Table, boolean?: boolean}>}
 * @throws Refused, TooLarge, AbortError
 */
export async function run(endpoint, query, stop) {
  const form = new URLSearchParams({ query });
  const long = String(form).length > ADDRESS;
  const address = long ? endpoint : `${endpoint}?${form}`;
  const answer = await fetch(address, { method: long ? "POST" : "GET", body: long ? form : undefined, signal: stop.signal, headers: { Accept: ACCEPT } });
  const type = (answer.headers.get("Content-Type") ?? "").split(";")[0];
  const text = await textOf(answer, stop);
  if (!answer.ok) throw new Refused(type.endsWith("json") ? JSON.parse(text) : { title: answer.statusText, status: answer.status });
  if (type !== "application/sparql-results+json") return { type, text };
  const read = JSON.parse(text);
  if ("boolean" in read) return { type, text: JSON.stringify(read, null, 1), boolean: read.boolean };
  return { type, text: JSON.stringify(read, null, 1), table: { columns: read.head.vars, rows: read.results.bindings } };
}
