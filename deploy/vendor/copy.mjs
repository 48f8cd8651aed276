// Copies and bundles the vendored assets and writes MANIFEST.json (versions, licences, sha256). With --check it writes
// nothing and fails where a fresh build would differ from what is committed.
import { buildSync } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const target = "../../telaio/telaio/web/static/vendor";
const italia = "node_modules/bootstrap-italia";
const titillium = `${italia}/dist/fonts/Titillium_Web`;
const faces = ["300", "300italic", "regular", "italic", "600", "600italic", "700", "700italic"];

const read = (path) => readFileSync(path);
const file = (name) => `fonts/titillium-web-${name}.woff2`;

/** One @font-face. The CSS of Bootstrap Italia names the family but leaves loading to a script. */
function face(name) {
  const weight = name.match(/^\d+/)?.[0] ?? "400";
  const style = name.endsWith("italic") ? "italic" : "normal";
  return `@font-face {\n  font-family: "Titillium Web";\n  font-style: ${style};\n  font-weight: ${weight};\n` +
    `  font-display: swap;\n  src: url("${file(name)}") format("woff2");\n}\n`;
}

/** The charts' bundle, a global `echarts` for plain script tags. Banner comments go: the licence files say it in full. */
function charts() {
  const built = buildSync({
    entryPoints: ["echarts.mjs"], bundle: true, write: false, minify: true, format: "iife", globalName: "echarts",
    target: "es2020", legalComments: "none", banner: { js: "/* Apache ECharts, see echarts.LICENSE and echarts.NOTICE */" },
  });
  return Buffer.from(built.outputFiles[0].contents);
}

const versionOf = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;
const outputs = new Map([
  ["echarts.min.js", charts()],
  ["echarts.LICENSE", read("node_modules/echarts/LICENSE")],
  ["echarts.NOTICE", read("node_modules/echarts/NOTICE")],
  ["zrender.LICENSE", read("node_modules/zrender/LICENSE")],
  ["bootstrap-italia.min.css", read(`${italia}/dist/css/bootstrap-italia.min.css`)],
  ["bootstrap-italia.LICENSE", read(`${italia}/LICENSE`)],
  ["fonts.css", Buffer.from(faces.map(face).join(""))],
  ["fonts/OFL.txt", read(`${titillium}/OFL.txt`)],
  ...faces.map((name) => [file(name), read(`${titillium}/titillium-web-v10-latin-ext_latin-${name}.woff2`)]),
]);

const manifest = {
  packages: {
    "bootstrap-italia": { version: versionOf("bootstrap-italia"), licence: "BSD-3-Clause", licence_file: "bootstrap-italia.LICENSE" },
    "Titillium Web": { version: "10", licence: "OFL-1.1", licence_file: "fonts/OFL.txt", from: "bootstrap-italia" },
    echarts: {
      version: versionOf("echarts"), licence: "Apache-2.0", licence_file: "echarts.LICENSE", notice_file: "echarts.NOTICE",
      bundled_by: `esbuild ${versionOf("esbuild")}`,
    },
    zrender: { version: versionOf("zrender"), licence: "BSD-3-Clause", licence_file: "zrender.LICENSE", from: "echarts" },
  },
  files: Object.fromEntries(
    [...outputs].map(([name, content]) => [name, createHash("sha256").update(content).digest("hex")]).sort(),
  ),
};
outputs.set("MANIFEST.json", Buffer.from(JSON.stringify(manifest, null, 2) + "\n"));

/** Names of the committed files that a fresh build would not make the same. */
function differences() {
  const committed = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const extra = committed.map((e) => join(e.parentPath ?? e.path, e.name).slice(target.length + 1));
  const changed = [...outputs].filter(([name, content]) => !extra.includes(name) || !read(join(target, name)).equals(content));
  return [...changed.map(([name]) => name), ...extra.filter((name) => !outputs.has(name))];
}

if (process.argv.includes("--check")) {
  const wrong = differences();
  if (wrong.length) {
    console.error(`da rigenerare con make vendor: ${wrong.join(", ")}`);
    process.exit(1);
  }
} else {
  rmSync(target, { recursive: true, force: true });
  for (const [name, content] of outputs) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), content);
  }
}
console.log(`${outputs.size} file, ${Math.round([...outputs.values()].reduce((sum, c) => sum + c.length, 0) / 1024)} KB`);
