const secondTime = "runs = []\n\n\ndef test_adds():\n    runs.append(1)\n    assert len(runs) == 2\n\n\ndef test_subtracts():\n    pass\n";

const all = "pytest -p no:cacheprovider --junitxml=reports/junit.xml";

export default {
  name: "pytest",
  pip: ["pytest", "pytest-rerunfailures"],
  version: "pytest --version",
  command: all,
  commands: {
    // pytest makes names unique, but runs a file twice if told to: its test fails, then passes.
    "two of one name": `${all} --keep-duplicates test_namesakes.py test_namesakes.py`,
    "rerun passes": `${all} --reruns 1`,
  },
  tests: {
    passing: { "test_passing.py": "def test_adds():\n    assert 1 + 1 == 2\n" },
    failing: { "test_failing.py": "def test_multiplies():\n    assert 1 * 1 == 2\n\n\ndef test_divides():\n    pass\n" },
    namesakes: { "test_namesakes.py": secondTime },
    broken: { "test_broken.py": "import not_there\n\n\ndef test_nothing():\n    pass\n" },
    rerun: { "test_rerun.py": secondTime },
    tearDown: {
      "test_teardown.py":
        "def teardown_module():\n    assert False, 'not removed'\n\n\ndef test_adds():\n    assert 1 + 1 == 2\n",
    },
  },
};
