// node parse.mjs FILE...: reads workflows and actions with GitHub's own parser and language service; exits with 1 and
// prints what they find.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

// These packages are made for bundlers, which need no word that an import is JSON.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { validate, validateAction } = await import("@actions/languageservice");
const { TextDocument } = await import("vscode-languageserver-textdocument");

let found = 0;
for (const file of process.argv.slice(2)) {
  const document = TextDocument.create(pathToFileURL(file).href, "yaml", 1, readFileSync(file, "utf8"));
  const check = basename(file) === "action.yml" && validateAction ? validateAction : validate;
  for (const problem of await check(document, {})) {
    found += 1;
    console.log(`${file}:${problem.range.start.line + 1}: ${problem.message}`);
  }
}
process.exit(found ? 1 : 0);
