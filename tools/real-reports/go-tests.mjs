const test = (body, imports = '"testing"') =>
  `package sum\n\nimport (\n\t${imports}\n)\n\nvar runs = 0\n\nfunc TestAdds(t *testing.T) {\n\t${body}\n}\n\nfunc TestSubtracts(t *testing.T) {}\n`;
const wrong = 't.Fatal("1 + 1 is 3")';

/**
 * A Go module's tests, each file a package of its own. Go has no two tests of one name in a package, but runs one twice
 * with `-count=2`: it fails, then passes.
 */
export const goTests = {
  setup: { "go.mod": "module example.com/sum\n\ngo 1.19\n" },
  tests: {
    passing: { "passing/sum_test.go": test("") },
    failing: { "failing/sum_test.go": test(wrong) },
    namesakes: { "namesakes/sum_test.go": test(`runs++\n\tif runs == 1 {\n\t\t${wrong}\n\t}`) },
    // Each test passes, and TestMain exits with 1.
    tearDown: {
      "teardown/sum_test.go": `${test("", '"os"\n\t"testing"')}\nfunc TestMain(m *testing.M) {\n\tm.Run()\n\tos.Exit(1)\n}\n`,
    },
    broken: { "broken/sum_test.go": test("", '"testing"\n\t"example.com/sum/notthere"') },
  },
};
