// Runs the gate on the reports of one suite.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const POLICY = `version: 1
defects:
  escaped: { labels: [production-bug] }
  severity: { critical: [sev/critical] }
rules:
  - { id: failed, metric: tests.failed, max: 0 }
  - { id: total, metric: tests.total, min: 1 }
`;
const COMMIT = "1a954628a960aaef81d7b2d4521929579f3541e6";
const SNAPSHOT = {
  schema: 1,
  "taken-at": "2026-09-01T09:00:00Z",
  repository: "acme/shop",
  candidate: { name: "v0.1.0", tag: "v0.1.0", head: COMMIT },
  releases: [],
  tickets: [],
};

export class Gate {
  constructor(program, folder) {
    this.program = program;
    this.policy = join(folder, "policy.yml");
    this.snapshot = join(folder, "snapshot.json");
    writeFileSync(this.policy, POLICY);
    writeFileSync(this.snapshot, JSON.stringify(SNAPSHOT));
    this.takesOutcome = this.#run(["check", "--help"], folder).stdout.includes("--tests-outcome");
  }

  /** Returns the verdict by the reports alone, and the verdict that also takes the runner's exit code into account. */
  check(at, status) {
    const alone = this.#verdict(at, []);
    const outcome = status === 0 ? "success" : "failure";
    return { alone, withOutcome: this.takesOutcome ? this.#verdict(at, ["--tests-outcome", outcome]) : null };
  }

  #verdict(at, more) {
    const args = ["--policy", this.policy, "--snapshot", this.snapshot, "--reports", "reports/**", "--comment", "none"];
    const run = this.#run(["check", ...args, "--format", "json", ...more], at);
    writeFileSync(join(at, more.length > 0 ? "gate-with-outcome.json" : "gate.json"), run.stdout);
    if (run.status !== 0 && run.status !== 1 && run.stdout === "") throw new Error(`${at}: ${run.stderr}`);
    return { verdict: JSON.parse(run.stdout).verdict, exit: run.status };
  }

  #run(args, cwd) {
    const ours = Object.entries(process.env).filter(([name]) => !/^(CI|GITHUB_.*|ESCAPE_GATE_.*)$/.test(name));
    return spawnSync(this.program, args, { cwd, env: Object.fromEntries(ours), encoding: "utf8", maxBuffer: 1 << 26 });
  }
}
