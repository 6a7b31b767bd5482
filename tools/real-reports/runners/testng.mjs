const java = (name, body, head = "") => `import org.testng.annotations.*;
import static org.testng.Assert.*;
${head}
public class ${name} {
${body}
}
`;
const method = (name, sum) => `  @Test public void ${name}() { assertEquals(1 + 1, ${sum}); }`;
const provider = `  @DataProvider public Object[][] sums() { return new Object[][] {{3}, {2}}; }
  @Test(dataProvider = "sums") public void adds(int sum) { assertEquals(1 + 1, sum); }
${method("subtracts", 2)}`;
const retry = `  static int runs = 0;
  public static class Once implements org.testng.IRetryAnalyzer {
    private boolean done = false;
    public boolean retry(org.testng.ITestResult result) { boolean again = !done; done = true; return again; }
  }
  @Test(retryAnalyzer = Once.class) public void adds() { runs += 1; assertEquals(runs, 2); }
${method("subtracts", 2)}`;
const jars = "/usr/share/java/testng.jar:/usr/share/java/bsh.jar:/usr/share/java/jcommander.jar";
// The compiled classes, without the inner ones.
const classes = "$(ls *.java | sed 's/[.]java$//' | paste -sd,)";
// A missing class is found when the test starts, not by the compiler.
const compile = `javac -cp ${jars} *.java && rm -f NotThere.class`;

export default {
  name: "TestNG",
  debian: { "/usr/share/java/testng.jar": "testng", javac: "default-jdk-headless" },
  version: "dpkg-query --show testng",
  command: `${compile} && java -cp .:${jars} org.testng.TestNG -usedefaultlisteners false -reporter org.testng.reporters.JUnitReportReporter -d reports -testclass ${classes}`,
  // No tear-down that fails: TestNG 6 itself exits with 0 then.
  tests: {
    passing: { "Passing.java": java("Passing", method("adds", 2)) },
    failing: { "Failing.java": java("Failing", method("multiplies", 3)) },
    namesakes: { "Namesakes.java": java("Namesakes", provider) },
    broken: { "Broken.java": java("Broken", `  static final NotThere it = new NotThere();\n${method("adds", 2)}`, "class NotThere {}") },
    rerun: { "Rerun.java": java("Rerun", retry) },
  },
  unreported: {
    "rerun passes":
      "TestNG 6 lists a retried test like two rows of a data provider, in no order: the gate counts a failed test.",
  },
};
