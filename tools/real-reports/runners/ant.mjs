const java = (name, body, head = "") => `import org.junit.*;
import static org.junit.Assert.*;
${head}
public class ${name}Test {
${body}
}
`;
const method = (name, sum) => `  @Test public void ${name}() { assertEquals(${sum}, 1 + 1); }`;
const build = `<project default="test">
  <path id="jars">
    <pathelement path="classes"/>
    <pathelement path="/usr/share/java/junit4.jar"/>
    <pathelement path="/usr/share/java/hamcrest-core.jar"/>
  </path>
  <target name="test">
    <mkdir dir="classes"/>
    <javac srcdir="." destdir="classes" classpathref="jars" includeantruntime="false"/>
    <delete file="classes/NotThere.class"/>
    <junit failureproperty="failed" fork="true">
      <classpath refid="jars"/>
      <formatter type="xml"/>
      <batchtest todir="reports"><fileset dir="classes" includes="*Test.class"/></batchtest>
    </junit>
    <fail if="failed"/>
  </target>
</project>
`;
const parameterized = `  @org.junit.runners.Parameterized.Parameters(name = "sum") public static Object[] sums() { return new Object[] {3, 2}; }
  @org.junit.runners.Parameterized.Parameter public int sum;
  @Test public void adds() { assertEquals(sum, 1 + 1); }
${method("subtracts", 2)}`;

export default {
  name: "Ant, JUnit 4",
  debian: {
    ant: "ant",
    "/usr/share/java/ant-junit.jar": "ant-optional",
    "/usr/share/java/junit4.jar": "junit4",
    javac: "default-jdk-headless",
  },
  version: "ant -version",
  setup: { "build.xml": build },
  command: "ant -quiet",
  tests: {
    passing: { "PassingTest.java": java("Passing", method("adds", 2)) },
    failing: { "FailingTest.java": java("Failing", method("multiplies", 3)) },
    namesakes: {
      "NamesakesTest.java": java("Namesakes", parameterized, "@org.junit.runner.RunWith(org.junit.runners.Parameterized.class)"),
    },
    // A missing class is found when the test starts, not by the compiler.
    broken: { "BrokenTest.java": java("Broken", `  static final NotThere it = new NotThere();\n${method("adds", 2)}`, "class NotThere {}") },
    tearDown: {
      "TearDownTest.java": java("TearDown", `${method("adds", 2)}\n  @AfterClass public static void remove() { fail("not removed"); }`),
    },
  },
};
