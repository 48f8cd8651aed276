// Copies the vendored assets and writes MANIFEST.json (versions, licences, sha256). With --check it writes nothing and
// fails where a fresh build would differ from what is committed.
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

const version = JSON.parse(read(`${italia}/package.json`)).version;
const outputs = new Map([
  ["bootstrap-italia.min.css", read(`${italia}/dist/css/bootstrap-italia.min.css`)],
  ["bootstrap-italia.LICENSE", read(`${italia}/LICENSE`)],
  ["fonts.css", Buffer.from(faces.map(face).join(""))],
  ["fonts/OFL.txt", read(`${titillium}/OFL.txt`)],
  ...faces.map((name) => [file(name), read(`${titillium}/titillium-web-v10-latin-ext_latin-${name}.woff2`)]),
]);

const manifest = {
  packages: {
    "bootstrap-italia": { version, licence: "BSD-3-Clause", licence_file: "bootstrap-italia.LICENSE" },
    "Titillium Web": { version: "10", licence: "OFL-1.1", licence_file: "fonts/OFL.txt", from: "bootstrap-italia" },
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
