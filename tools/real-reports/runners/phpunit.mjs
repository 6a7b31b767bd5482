const test = (name, body) => `<?php
use PHPUnit\\Framework\\TestCase;

final class ${name} extends TestCase
{
    private static int $runs = 0;

    public function testAdds(): void
    {
        ${body}
    }

    public function testSubtracts(): void
    {
        $this->assertSame(1, 2 - 1);
    }
}
`;
const all = "phpunit --do-not-cache-result --log-junit reports/junit.xml";

export default {
  name: "PHPUnit",
  debian: { phpunit: "phpunit" },
  version: "phpunit --version",
  command: `${all} tests`,
  // PHPUnit 9 can run each test twice: it fails, then passes.
  commands: { "two of one name": `${all} --repeat 2 tests` },
  tests: {
    passing: { "tests/PassingTest.php": test("PassingTest", "$this->assertSame(2, 1 + 1);") },
    failing: { "tests/FailingTest.php": test("FailingTest", "$this->assertSame(3, 1 + 1);") },
    namesakes: { "tests/NamesakesTest.php": test("NamesakesTest", "$this->assertSame(2, ++self::$runs);") },
    broken: { "tests/BrokenTest.php": `<?php\nrequire __DIR__ . "/not_there.php";\n${test("BrokenTest", "").slice(6)}` },
    tearDown: {
      "tests/TearDownTest.php": test("TearDownTest", "$this->assertSame(2, 1 + 1);").replace(
        /}\n$/,
        "\n    public static function tearDownAfterClass(): void\n    {\n        throw new Exception('not removed');\n    }\n}\n",
      ),
    },
  },
};
