// Judges an AsyncAPI document, then messages by it.
//   node asyncapi.mjs DOCUMENT < MESSAGES
// MESSAGES: a JSON array of {message, headers: {name: text}}, as one consumer has read them; may be empty. Prints one
// JSON object: the channels' addresses, and for each message the headers that it has and those that it must have.
// Every fault is a line on standard error, and then the exit status is 1.
import { readFileSync } from "node:fs";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import formats from "ajv-formats";

const [file] = process.argv.slice(2);
const faults = [];

const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
for (const { message, path, severity } of diagnostics) {
  // whatever is less than a warning is advice
  if (severity <= DiagnosticSeverity.Warning) faults.push(`${path.join(".")}: ${message}`);
}

const said = { channels: {}, messages: {} };
const judges = new Map();
if (document) {
  // strict: a word that the schemas' language does not have is a fault of the document
  const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
  formats(ajv);
  for (const channel of document.allChannels()) said.channels[channel.id()] = channel.address();
  for (const message of document.allMessages()) {
    const schema = own(message.headers().json());
    said.messages[message.id()] = { headers: Object.keys(schema.properties), required: schema.required };
    judges.set(message.id(), { judge: ajv.compile(schema), schema });
    for (const example of message.examples()) judge(message.id(), example.headers(), "example");
  }
  const text = readFileSync(0, "utf8");
  for (const [at, { message, headers }] of JSON.parse(text || "[]").entries()) judge(message, headers, `message ${at}`);
}
for (const fault of faults) console.error(fault);
console.log(JSON.stringify(said));
process.exitCode = faults.length > 0 ? 1 : 0;

function judge(name, headers, where) {
  const { judge, schema } = judges.get(name) ?? {};
  if (!judge) return faults.push(`${where}: there is no message ${name}`);
  if (!judge(headers)) faults.push(...judge.errors.map((e) => `${where}: ${name}${e.instancePath} ${e.message}`));
  for (const header of Object.keys(headers)) {
    if (!(header in schema.properties)) faults.push(`${where}: ${name} has a header ${header} that the document does not know`);
  }
}

// The schema without what the parser has noted in it.
function own(schema) {
  if (Array.isArray(schema)) return schema.map(own);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => !name.startsWith("x-parser-"))
      .map(([name, value]) => [name, own(value)]),
  );
}
