/**
 * Returns the tests of a JavaScript runner that has `test(name, body)`.
 *
 * `head` imports `test`, `name` turns a word into the name of a test file, `after` is the function that registers a hook
 * after all tests, and `rerun` is a test that fails in the first of its `runs`.
 */
export function scripts({ head, name, test = "test", describe = "describe", after, rerun }) {
  const suite = (title, ...lines) =>
    `${head}\n${describe}("${title}", () => {\n${lines.map((line) => `  ${line}\n`).join("")}});\n`;
  const good = (title) => `${test}("${title}", () => {});`;
  const bad = (title) => `${test}("${title}", () => { throw new Error("1 + 1 is 3"); });`;
  return {
    passing: { [name("passing")]: suite("passing", good("adds"), good("subtracts")) },
    failing: { [name("failing")]: suite("failing", bad("multiplies"), good("divides")) },
    namesakes: { [name("namesakes")]: suite("namesakes", bad("adds"), good("adds"), good("subtracts")) },
    broken: { [name("broken")]: `import "./not-there.mjs";\n${suite("broken", good("adds"))}` },
    ...(after && {
      tearDown: {
        [name("teardown")]: suite("tear-down", `${after}(() => { throw new Error("not removed"); });`, good("adds")),
      },
    }),
    ...(rerun && { rerun: { [name("rerun")]: `${head}\nlet runs = 0;\n${rerun}${good("subtracts")}\n` } }),
  };
}
