/**
 * The tests of a JavaScript runner that has `test(name, body)`. `head` brings `test` in, `name` makes a test file's name
 * out of a word, and `again` is the third argument, or the statement before, that reruns a test.
 */
export function scripts({ head, name, test = "test", describe = "describe", rerun }) {
  const suite = (...lines) => `${head}\n${describe}("sum", () => {\n${lines.map((line) => `  ${line}\n`).join("")}});\n`;
  const good = (title) => `${test}("${title}", () => {});`;
  const bad = (title) => `${test}("${title}", () => { throw new Error("1 + 1 is 3"); });`;
  return {
    passing: { [name("passing")]: suite(good("adds"), good("subtracts")) },
    failing: { [name("failing")]: suite(bad("multiplies"), good("divides")) },
    namesakes: { [name("namesakes")]: suite(bad("adds"), good("adds")) },
    broken: { [name("broken")]: `${head}\nimport { nothing } from "./not-there.mjs";\n${suite(good(`\${nothing}`))}` },
    ...(rerun && { rerun: { [name("rerun")]: `${head}\nlet runs = 0;\n${rerun}` } }),
  };
}
