// node fill_pdfjs.mjs PDFJS_DIST FORM ANSWERS SAVED: fills in a form through the annotation storage of pdf.js.
// ANSWERS is JSON, field name -> text, value of an option, or "yes" for a check box.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// What node 18 lacks; nothing is drawn, so a matrix need not work.
process.getBuiltinModule ??= createRequire(import.meta.url);
globalThis.DOMMatrix ??= class {};

const [folder, form, answers, saved] = process.argv.slice(2).map((path) => resolve(path));
const { getDocument, VerbosityLevel } = await import(pathToFileURL(`${folder}/legacy/build/pdf.mjs`));
const wanted = JSON.parse(await readFile(answers, "utf-8"));

const pdf = await getDocument({
  data: new Uint8Array(await readFile(form)),
  standardFontDataUrl: `${folder}/standard_fonts/`,
  verbosity: VerbosityLevel.ERRORS,
}).promise;
for (const [name, widgets] of Object.entries((await pdf.getFieldObjects()) ?? {})) {
  if (!(name in wanted)) continue;
  for (const { id, type, exportValues } of widgets) {
    if (!id) continue;
    const isButton = type === "radiobutton" || type === "checkbox";
    const value = isButton ? exportValues === wanted[name] : wanted[name];
    pdf.annotationStorage.setValue(id, { value });
  }
}
await writeFile(saved, await pdf.saveDocument());
