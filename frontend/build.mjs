// Bundles src/*.js into the package: one file an entry, its hash in its name so that no browser keeps an old one.
import { readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../src/hansa/serve/pages/static/built/", import.meta.url));
const limits = { main: 15 * 1024, editor: 600 * 1024 };

await rm(out, { recursive: true, force: true });
const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: Object.keys(limits).map((name) => `src/${name}.js`),
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "eof",
  metafile: true,
  logLevel: "warning",
});

for (const [path, made] of Object.entries(result.metafile.outputs)) {
  const name = path.split("/").pop().split("-")[0];
  if (made.bytes > limits[name]) throw new Error(`${name} has ${made.bytes} bytes; it may have ${limits[name]}`);
  console.log(`${name}: ${(made.bytes / 1024).toFixed(1)} KiB`);
}
if ((await readdir(out)).length !== Object.keys(limits).length) throw new Error("a bundle is missing");
