// Writes the results as Markdown.

/** The runner and the gate agree if both let pass a suite that passes, or neither lets pass another. */
const agrees = (suite, { runner }, { verdict }) =>
  suite.endsWith("passes") ? runner === 0 && verdict === "pass" : runner !== 0 && verdict !== "pass";

/** Returns the text, and whether there is a difference that no runner's file names. */
export function markdown(suites, rows, takesOutcome) {
  const ran = rows.filter((row) => row.results);
  const results = ran.flatMap((row) => Object.entries(row.results).map(([suite, result]) => ({ row, suite, result })));
  const differences = results.filter(({ suite, result }) => !agrees(suite, result, result.alone));
  const named = ({ row, suite }) => row.unreported?.[suite];
  const unexpected = differences.filter((difference) => !named(difference));
  const stale = results.filter((it) => named(it) && !differences.includes(it));
  const lines = [
    `| runner | ${suites.join(" | ")} |`,
    `|---|${suites.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${label(row)} | ${suites.map((suite, at) => cell(row, suite, at)).join(" | ")} |`),
    "",
    `${results.length} suites of ${ran.length} runners: by the reports alone ${results.length - differences.length} agree.`,
  ];
  if (takesOutcome) {
    const agreeing = results.filter(({ suite, result }) => agrees(suite, result, result.withOutcome));
    const silent = differences.filter(({ result }) => result.runner !== 0);
    const noticed = silent.filter(({ result }) => result.withOutcome.verdict === "unknown");
    lines.push(`With \`--tests-outcome\` ${agreeing.length} agree: of the ${silent.length} runs that fail without a trace in their`);
    lines.push(`reports, ${noticed.length} become \`unknown\`.`);
  } else {
    lines.push("This gate has no option `--tests-outcome`.");
  }
  section(lines, "What no report says", differences.filter(named));
  section(lines, "Other differences", unexpected);
  if (stale.length > 0) {
    lines.push("", "Listed as a difference, and none:", "");
    lines.push(...stale.map(({ row, suite }) => `- ${row.name}, ${suite}: remove it from \`unreported\` in ${row.id}.mjs.`));
  }
  return { text: lines.join("\n"), unexpected: unexpected.length > 0 || stale.length > 0 };
}

function label(row) {
  return row.results && row.version ? `${row.name} (${row.version})` : row.name;
}

function cell(row, suite, at) {
  if (row.lacking) return at === 0 ? `not installed: \`${row.lacking}\`` : "";
  const result = row.results[suite];
  if (!result) return "";
  const text = `${result.runner} ${result.alone.verdict}`;
  if (agrees(suite, result, result.alone)) return text;
  const then = result.withOutcome?.verdict ?? result.alone.verdict;
  return then === result.alone.verdict ? `**${text}**` : `**${text}**, ${then}`;
}

function section(lines, title, differences) {
  if (differences.length === 0) return;
  lines.push("", `${title}:`, "");
  for (const { row, suite, result } of differences) {
    const why = row.unreported?.[suite] ?? `the runner exits ${result.runner}, the gate says ${result.alone.verdict}.`;
    lines.push(`- ${row.name}, ${suite}: ${why}`);
  }
}
