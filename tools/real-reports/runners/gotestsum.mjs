import { goTests } from "../go-tests.mjs";

const failsOnce = `package sum

import (
	"os"
	"testing"
)

func TestAdds(t *testing.T) {
	if _, err := os.Stat("ran-once"); err != nil {
		os.WriteFile("ran-once", nil, 0o644)
		t.Fatal("not yet")
	}
}

func TestSubtracts(t *testing.T) {}
`;
const all = "gotestsum --junitfile reports/junit.xml";

export default {
  name: "gotestsum",
  debian: { go: "golang-go", gotestsum: "gotestsum" },
  version: "dpkg-query --show gotestsum",
  command: `${all} -- -count=1 ./...`,
  commands: {
    "two of one name": `${all} -- -count=2 ./...`,
    "rerun passes": `${all} --rerun-fails --packages ./... -- -count=1`,
  },
  setup: goTests.setup,
  tests: { ...goTests.tests, rerun: { "rerun/sum_test.go": failsOnce } },
};
