// Writes a brotli and a gzip copy beside each built file, for the server to embed: at its best once, here, instead of
// at each request. What does not get smaller gets no copy.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Files whose bytes are compressed already. */
const COMPRESSED = /\.(woff2|png|jpg|br|gz)$/;

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

function compress(path: string): void {
  const bytes = readFileSync(path);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  if (brotli.length < bytes.length) writeFileSync(`${path}.br`, brotli);
  if (gzip.length < bytes.length) writeFileSync(`${path}.gz`, gzip);
}

/** The plugin. */
export function precompress(): Plugin {
  let folder = "dist";
  return {
    name: "forebay-precompress",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const path of files(folder).filter((path) => !COMPRESSED.test(path))) compress(path);
      const index = join(folder, "index.html");
      if (!statSync(index).isFile()) throw new Error(`${relative(".", index)} was not built`);
    },
  };
}
