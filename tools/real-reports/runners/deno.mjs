import { scripts } from "../scripts.mjs";

export default {
  name: "Deno",
  npm: ["deno"],
  version: "deno --version",
  command: "deno test --no-config --junit-path=reports/junit.xml",
  tests: scripts({
    head: "",
    name: (word) => `${word}.test.mjs`,
    test: "Deno.test",
    describe: "((name, body) => body())",
    after: "Deno.test.afterAll",
  }),
  unreported: { "tear-down fails": "Deno reports no error of `afterAll`." },
};
