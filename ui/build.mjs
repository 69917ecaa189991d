// Builds web/static/bundles; another folder may be named as the one argument.
import { rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? resolve(here, "../web/static/bundles"));

rmSync(folder, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ["source/htmx.js", "source/viewer.js"],
  outdir: folder,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "eof",
  loader: { ".ttf": "empty", ".eot": "empty", ".woff": "dataurl", ".woff2": "dataurl" },
  logLevel: "warning",
});
