import { goTests } from "../go-tests.mjs";

export default {
  name: "go test -json",
  debian: { go: "golang-go" },
  version: "go version",
  command: "go test -json -count=1 ./... > reports/test.json",
  commands: { "two of one name": "go test -json -count=2 ./... > reports/test.json" },
  ...goTests,
};
