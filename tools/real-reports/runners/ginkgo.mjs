const suite = (specs, head = "") => `package sum

import (
	"testing"

	. "github.com/onsi/ginkgo"
	"github.com/onsi/ginkgo/reporters"
	. "github.com/onsi/gomega"
)

func TestSum(t *testing.T) {
	RegisterFailHandler(Fail)
	report := reporters.NewJUnitReporter("../../../reports/REPORT.xml")
	RunSpecsWithDefaultAndCustomReporters(t, "sum", []Reporter{report})
}
${head}
var _ = Describe("sum", func() {
${specs}})
`;
const file = (name, specs, head) => ({ [`gopath/src/${name}/sum_test.go`]: suite(specs, head).replace("REPORT", name) });
const spec = (name, sum) => `\tIt("${name}", func() { Expect(1 + 1).To(Equal(${sum})) })\n`;

export default {
  name: "Ginkgo 1",
  debian: { go: "golang-go", "/usr/share/gocode/src/github.com/onsi/ginkgo": "golang-github-onsi-ginkgo-dev" },
  version: "dpkg-query --show golang-github-onsi-ginkgo-dev",
  command:
    "export GO111MODULE=off GOFLAGS= GOPATH=$PWD/gopath:/usr/share/gocode; cd gopath/src; go test -count=1 ./...",
  tests: {
    passing: file("passing", spec("adds", 2) + spec("subtracts", 2)),
    failing: file("failing", spec("multiplies", 3) + spec("divides", 2)),
    namesakes: file("namesakes", spec("adds", 3) + spec("adds", 2) + spec("subtracts", 2)),
    broken: file("broken", spec("adds", 2), '\nvar _ = BeforeSuite(func() { panic("not there") })\n'),
    tearDown: file("teardown", spec("adds", 2), '\nvar _ = AfterSuite(func() { Fail("not removed") })\n'),
  },
};
