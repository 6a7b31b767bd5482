const describe = (...lines) => `RSpec.describe "sum" do\n${lines.map((line) => `  ${line}\n`).join("")}end\n`;
const good = (name) => `it("${name}") { expect(1 + 1).to eq(2) }`;
const bad = (name) => `it("${name}") { expect(1 + 1).to eq(3) }`;

export default {
  name: "RSpec, rspec_junit_formatter",
  debian: { rspec: "ruby-rspec", "/usr/share/doc/ruby-rspec-junit-formatter": "ruby-rspec-junit-formatter" },
  version: "rspec --version",
  command: "rspec --format progress --format RspecJunitFormatter --out reports/junit.xml --require rspec_junit_formatter",
  tests: {
    passing: { "spec/passing_spec.rb": describe(good("adds"), good("subtracts")) },
    failing: { "spec/failing_spec.rb": describe(bad("multiplies"), good("divides")) },
    namesakes: { "spec/namesakes_spec.rb": describe(bad("adds"), good("adds"), good("subtracts")) },
    broken: { "spec/broken_spec.rb": `require "not_there"\n${describe(good("adds"))}` },
    tearDown: { "spec/teardown_spec.rb": describe('after(:all) { raise "not removed" }', good("adds")) },
  },
  unreported: { "tear-down fails": "rspec_junit_formatter reports no error outside of examples, such as one of `after(:all)`." },
};
