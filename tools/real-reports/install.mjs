// Installs the runners of npm and PyPI, and finds those that have to be there already.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Installs the runners that are not in the folder yet, and returns the environment in which all of them are found. */
export function install(folder, runners) {
  const python = join(folder, "python");
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), "{}\n");
  if (!existsSync(python)) attempt("python3", ["-m", "venv", python]);
  installFrom("npm", "npm", ["install", "--prefix", folder, "--no-audit", "--no-fund"], folder, runners);
  installFrom("pip", join(python, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check"], folder, runners);
  // Runners write other reports, or none, where they see a CI server or an outer test run.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CI|NODE_.*|GITHUB_.*|ESCAPE_GATE_.*)$/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(folder, "node_modules/.bin"), join(python, "bin"), process.env.PATH].join(delimiter),
    GOCACHE: join(folder, "go-cache"),
    GOFLAGS: "-mod=mod",
    GOPROXY: "off",
    NO_COLOR: "1",
  };
}

function installFrom(registry, program, args, folder, runners) {
  const wanted = [...new Set(runners.flatMap((runner) => runner[registry] ?? []))];
  const absent = wanted.filter((name) => !existsSync(mark(folder, registry, name)));
  if (absent.length === 0 || !attempt(program, [...args, ...absent])) return;
  mkdirSync(join(folder, "installed"), { recursive: true });
  for (const name of absent) writeFileSync(mark(folder, registry, name), "");
}

/** Returns the path of the empty file that marks a package as installed. */
function mark(folder, registry, name) {
  return join(folder, "installed", `${registry} ${name.replaceAll("/", "+")}`);
}

/** Returns the commands that install what a runner lacks; empty if it lacks nothing. */
export function missing(runner, environment, folder) {
  const absent = (registry) => (runner[registry] ?? []).filter((name) => !existsSync(mark(folder, registry, name)));
  const debian = Object.entries(runner.debian ?? {}).filter(([file]) => !found(file, environment));
  const line = (command, names) => names.length > 0 && `${command} ${[...new Set(names)].join(" ")}`;
  return [
    line("npm install", absent("npm")),
    line("pip install", absent("pip")),
    line("apt-get install", debian.map(([, name]) => name)),
    ...Object.entries(runner.others ?? {}).map(([program, how]) => !found(program, environment) && how),
  ].filter(Boolean).join(", ");
}

/** Returns `true` if a path or a program exists. */
function found(file, environment) {
  if (file.startsWith("/")) return existsSync(file);
  return environment.PATH.split(delimiter).some((folder) => existsSync(join(folder, file)));
}

function attempt(program, args) {
  console.error(`$ ${program} ${args.join(" ")}`);
  return spawnSync(program, args, { stdio: ["ignore", 2, 2] }).status === 0;
}
