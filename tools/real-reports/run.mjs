// Makes real reports with real test runners, and compares each runner's exit code with the gate's verdict.
//
//   node tools/real-reports/run.mjs FOLDER [--gate FILE] [--only NAME]...
//
// FOLDER is outside of the repository. The runners of npm and PyPI are installed there and kept; delete it to get newer ones.
// Other runners are not installed: the table says how to. FOLDER/suites/RUNNER/SUITE has the tests, the runner's output
// (runner.log), its reports and the gate's report (gate.json). The exit code is 1 if the runner's file does not list a
// difference in `unreported`, or lists one that is none.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Gate } from "./gate.mjs";
import { install, missing } from "./install.mjs";
import { markdown } from "./table.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, "../..");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gate: { type: "string", default: join(repository, "target/debug/escape-gate") },
    only: { type: "string", multiple: true },
  },
});
const folder = resolve(positionals[0] ?? repository);
if (positionals.length !== 1 || !relative(repository, folder).startsWith("..")) {
  console.error("usage: node tools/real-reports/run.mjs FOLDER [--gate FILE] [--only NAME]...");
  console.error("FOLDER is where the runners are installed: a folder outside of the repository");
  process.exit(2);
}
if (!existsSync(options.gate)) {
  console.error(`${options.gate} is missing: run \`cargo build\`, or name the program with --gate`);
  process.exit(2);
}

/** The files of each suite, in the order of the table's columns. A suite should pass if its name ends in "passes". */
const SUITES = {
  passes: ({ passing }) => passing,
  fails: ({ passing, failing }) => ({ ...passing, ...failing }),
  "two of one name": ({ namesakes }) => namesakes,
  "cannot start": ({ broken }) => broken,
  "one file cannot start": ({ passing, broken }) => ({ ...passing, ...broken }),
  "tear-down fails": ({ tearDown }) => tearDown,
  "rerun passes": ({ rerun }) => rerun,
};

const names = readdirSync(join(here, "runners")).map((file) => file.replace(".mjs", "")).sort();
const unknown = (options.only ?? []).find((name) => !names.includes(name));
if (unknown) {
  console.error(`there is no runner ${unknown}: use one of ${names.join(", ")}`);
  process.exit(2);
}
const chosen = names.filter((name) => options.only?.includes(name) ?? true);
const runners = await Promise.all(chosen.map(async (id) => ({ id, ...(await import(`./runners/${id}.mjs`)).default })));

mkdirSync(folder, { recursive: true });
const environment = install(folder, runners);
const gate = new Gate(resolve(options.gate), folder);

/** Runs a line of shell in a folder; its exit code is that of the first command that fails. */
function shell(line, cwd) {
  return spawnSync("bash", ["-euo", "pipefail", "-c", line], {
    cwd,
    env: environment,
    encoding: "utf8",
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Runs one suite of one runner, and the gate on its reports. */
function suite(runner, name, files) {
  const at = join(folder, "suites", runner.id, name.replaceAll(" ", "-"));
  rmSync(at, { recursive: true, force: true });
  mkdirSync(join(at, "reports"), { recursive: true });
  for (const [path, text] of Object.entries({ ...runner.setup, ...files })) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  }
  const line = runner.commands?.[name] ?? runner.command;
  const run = shell(line, at);
  writeFileSync(join(at, "runner.log"), `$ ${line}\n${run.stdout}${run.stderr}exit ${run.status}\n`);
  if (run.status === null) throw new Error(`${runner.id}, ${name}: ${run.error ?? run.signal}`);
  return { runner: run.status, ...gate.check(at, run.status) };
}

const rows = runners.map((runner) => {
  const lacking = missing(runner, environment, folder);
  if (lacking) return { ...runner, lacking };
  console.error(runner.name);
  const version = (shell(runner.version, folder).stdout.match(/\d+(\.\d+)+/) ?? [""])[0];
  const results = {};
  for (const [name, files] of Object.entries(SUITES)) {
    const chosenFiles = files(runner.tests);
    if (chosenFiles) results[name] = suite(runner, name, chosenFiles);
  }
  return { ...runner, version, results };
});
const { text, unexpected } = markdown(Object.keys(SUITES), rows, gate.takesOutcome);
console.log(text);
process.exit(unexpected ? 1 : 0);
