const namesakes = `import unittest


class Sum(unittest.TestCase):
    expected = 2

    def test_adds(self):
        self.assertEqual(1 + 1, self.expected)

    def test_subtracts(self):
        self.assertEqual(2 - 1, 1)


def load_tests(loader, tests, pattern):
    wrong, right, other = Sum("test_adds"), Sum("test_adds"), Sum("test_subtracts")
    wrong.expected = 3
    return unittest.TestSuite([wrong, right, other])
`;
const test = (name, expression) =>
  `import unittest\n\n\nclass ${name}(unittest.TestCase):\n    def test_sum(self):\n        self.assertEqual(${expression}, 2)\n`;

export default {
  name: "unittest, unittest-xml-reporting",
  pip: ["unittest-xml-reporting"],
  version: "pip show unittest-xml-reporting",
  command: "python -m xmlrunner discover --output-file reports/junit.xml",
  tests: {
    passing: { "test_passing.py": test("Passing", "1 + 1") },
    failing: { "test_failing.py": test("Failing", "1 * 1") },
    namesakes: { "test_namesakes.py": namesakes },
    broken: { "test_broken.py": `import not_there\n${test("Broken", "1 + 1")}` },
    tearDown: {
      "test_teardown.py": `${test("TearDown", "1 + 1")}\n    @classmethod\n    def tearDownClass(cls):\n        raise OSError("not removed")\n`,
    },
  },
};
