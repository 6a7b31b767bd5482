const java = (name, body, head = "") => `import org.junit.jupiter.api.*;
import static org.junit.jupiter.api.Assertions.*;
${head}
class ${name}Test {
${body}
}
`;
const method = (name, sum) => `  @Test void ${name}() { assertEquals(${sum}, 1 + 1); }`;
const jars = [
  ..."jupiter-api jupiter-engine jupiter-params platform-commons platform-engine platform-launcher".split(" "),
  ..."platform-console platform-reporting".split(" "),
].map((name) => `/usr/share/java/junit-${name}.jar`);
const path = [...jars, ...["opentest4j", "opentest4j-reporting-events", "opentest4j-reporting-schema", "picocli", "apiguardian-api"]
  .map((name) => `/usr/share/java/${name}.jar`)].join(":");
// A missing class is found when the test starts, not by the compiler.
const compile = `javac -cp ${path} -d classes *.java && rm -f classes/NotThere.class`;
const repeated = `  @RepeatedTest(value = 2, name = "adds") void adds(RepetitionInfo info) {
    assertEquals(info.getCurrentRepetition(), 2);
  }
${method("subtracts", 2)}`;

export default {
  name: "JUnit 5, console launcher",
  debian: { "/usr/share/java/junit-platform-console.jar": "junit5", javac: "default-jdk-headless" },
  version: "dpkg-query --show junit5",
  command: `${compile} && java -cp ${path} org.junit.platform.console.ConsoleLauncher --class-path classes --scan-class-path classes --reports-dir reports`,
  tests: {
    passing: { "PassingTest.java": java("Passing", method("adds", 2)) },
    failing: { "FailingTest.java": java("Failing", method("multiplies", 3)) },
    namesakes: { "NamesakesTest.java": java("Namesakes", repeated) },
    broken: { "BrokenTest.java": java("Broken", `  static final Object it = new NotThere();\n${method("adds", 2)}`, "class NotThere {}") },
    tearDown: {
      "TearDownTest.java": java("TearDown", `${method("adds", 2)}\n  @AfterAll static void remove() { fail("not removed"); }`),
    },
  },
};
