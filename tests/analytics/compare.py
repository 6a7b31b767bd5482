"""Compares `escape-gate org` with the same questions as SQL: counts must be equal, and rates equal to 12 digits.

python3 tests/analytics/compare.py [--repositories N] [--defects N] [--spark]

ESCAPE_GATE_BIN names the program. DuckDB reads the exports, and again the Parquet files that it makes of them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
UNTIL = "2026-06-10"
SINCE = "2025-07-01"
COUNTS = ["escaped", "critical", "major", "rate_escaped", "rate_all", "failed_releases", "rated_releases",
          "median_seconds", "timed", "waivers", "overrides"]
QUESTIONS = {
    "repositories": "SELECT owner || '/' || repository, " + ", ".join(COUNTS) + " FROM by_repository",
    "rates": "SELECT owner || '/' || repository, rate, low, high FROM repository_rate",
    "areas": "SELECT owner || '/' || repository, team, component, escaped, critical, major, rate_escaped, rate_all FROM by_area",
    "quarters": "SELECT quarter, critical, major FROM by_quarter",
    "gates": "SELECT quality_gate, defects FROM by_quality_gate",
}


def program(folder):
    binary = os.environ.get("ESCAPE_GATE_BIN", str(ROOT / "target/debug/escape-gate"))
    command = [binary, "org", "--policy", str(HERE / "policy.yml"), "--now", UNTIL, "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}\n{done.stdout[:2000]}")
    report = json.loads(done.stdout)

    def part(rate):
        return (rate["numerator"], rate["denominator"]) if rate else (0, 0)

    def times(time):
        return (time["median-seconds"], time["count"]) if time else (None, 0)

    repositories, rates, areas = {}, {}, {}
    for row in report["repositories"]:
        values = (row["escaped"], row["critical"], row["major"], *part(row["escape-rate"]),
                  *part(row["change-failure-rate"]), *times(row["time-to-detect"]), row["waivers"], row["overrides"])
        repositories[row["repository"]] = values
        if row["escape-rate"]:
            rate = row["escape-rate"]
            rates[row["repository"]] = (rate["numerator"] / rate["denominator"], rate["low"], rate["high"])
    for row in report["areas"]:
        lower = [name and name.lower() for name in (row["team"], row["component"])]
        values = (row["escaped"], row["critical"], row["major"], *part(row["escape-rate"]))
        areas[(row["repository"], *lower)] = values
    quarters = {
        name: (counts["critical"], counts["major"])
        for name, counts in zip(report["quarters"], report["total"]["by-quarter"], strict=True)
    }
    gates = {one["gate"]: (one["defects"],) for one in report["total"]["quality-gates"]}
    return {"repositories": repositories, "rates": rates, "areas": areas, "quarters": quarters, "gates": gates}


def answers(ask):
    """The same tables from an engine. `ask` returns the rows of a query as tuples."""
    found = {name: ask(query) for name, query in QUESTIONS.items()}
    def named(moment):
        return f"{moment.year}-Q{(moment.month - 1) // 3 + 1}"
    return {
        "repositories": {row[0]: tuple(row[1:]) for row in found["repositories"]},
        "rates": {row[0]: tuple(row[1:]) for row in found["rates"]},
        "areas": {tuple(row[:3]): tuple(row[3:]) for row in found["areas"]},
        "quarters": {named(row[0]): tuple(row[1:]) for row in found["quarters"]},
        "gates": {row[0]: tuple(row[1:]) for row in found["gates"]},
    }


def compare(engine, expected, found):
    problems = []
    for table, rows in expected.items():
        others = found[table]
        absent = [key for key in [*rows, *others] if (key in rows) != (key in others)]
        # A group without a counted defect is no row of the engines, and a row of zeros is no group of the program.
        problems += [f"{table} {key}: only one of the two has it" for key in absent]
        for key in rows.keys() & others.keys():
            if table == "rates":
                same = all(abs(one - other) < 5e-13 for one, other in zip(rows[key], others[key], strict=True))
            else:
                same = rows[key] == others[key]
            if not same:
                problems.append(f"{table} {key}: the program has {rows[key]}, {engine} has {others[key]}")
    if problems:
        sys.exit(f"{engine} differs in {len(problems)} places:\n" + "\n".join(problems[:20]))
    sizes = ", ".join(f"{len(rows)} {table}" for table, rows in expected.items())
    print(f"{engine} agrees: {sizes}")


def statements(path):
    text = "\n".join(line for line in Path(path).read_text().splitlines() if not line.startswith("--"))
    return [one for one in (part.strip() for part in text.split(";")) if one]


def duckdb_answers(folder, parquet):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET VARIABLE exports = ?", [str(folder)])
    if parquet:
        for table in ["run", "release", "defect", "exception"]:
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{parquet}/{table}.parquet')")
        areas = statements(ROOT / "analytics/duckdb/lists.sql")
    else:
        areas = statements(ROOT / "analytics/duckdb/tables.sql") + statements(ROOT / "analytics/duckdb/lists.sql")
    parameters = f"CREATE VIEW parameters AS SELECT TIMESTAMP '{SINCE}' AS since, TIMESTAMP '{UNTIL}' AS until"
    for statement in [*areas, parameters, *statements(ROOT / "analytics/questions.sql")]:
        connection.execute(statement)
    return answers(lambda query: connection.execute(query).fetchall())


def to_parquet(folder, parquet):
    import duckdb

    parquet.mkdir(exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET VARIABLE exports = ?", [str(folder)])
    for statement in statements(ROOT / "analytics/duckdb/tables.sql"):
        connection.execute(statement)
    for statement in statements(ROOT / "analytics/duckdb/parquet.sql"):
        connection.execute(statement.replace("'parquet/", f"'{parquet}/"))


def spark_answers(parquet):
    from pyspark.sql import SparkSession

    session = (SparkSession.builder.master("local[2]").appName("escape-gate").config("spark.ui.enabled", "false")
               .config("spark.sql.session.timeZone", "UTC").config("spark.driver.memory", "2g")
               .config("spark.sql.shuffle.partitions", "4").config("spark.log.level", "ERROR").getOrCreate())
    os.environ["TZ"] = "UTC"
    time.tzset()
    for statement in statements(ROOT / "analytics/spark/tables.sql"):
        session.sql(statement.replace("'parquet/", f"'{parquet}/"))
    session.sql(f"CREATE TEMPORARY VIEW parameters AS SELECT TIMESTAMP '{SINCE}' AS since, TIMESTAMP '{UNTIL}' AS until")
    for statement in statements(ROOT / "analytics/questions.sql"):
        session.sql(statement)
    found = answers(lambda query: [tuple(row) for row in session.sql(query).collect()])
    session.stop()
    return found


def timed(name, work):
    started = time.monotonic()
    result = work()
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)
    return result


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--repositories", type=int, default=20)
    options.add_argument("--defects", type=int, default=200)
    options.add_argument("--spark", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, parquet = Path(place) / "exports", Path(place) / "parquet"
        generate = [sys.executable, str(HERE / "generate.py"), str(folder)]
        generate += ["--repositories", str(chosen.repositories), "--defects", str(chosen.defects)]
        timed("generate", lambda: subprocess.run(generate, check=True))
        expected = timed("escape-gate org", lambda: program(folder))
        compare("DuckDB", expected, timed("DuckDB over the exports", lambda: duckdb_answers(folder, None)))
        timed("to Parquet", lambda: to_parquet(folder, parquet))
        size = sum(file.stat().st_size for file in parquet.iterdir())
        print(f"Parquet: {size / 1e6:.1f} MB")
        compare("DuckDB", expected, timed("DuckDB over Parquet", lambda: duckdb_answers(folder, parquet)))
        if chosen.spark:
            compare("Spark", expected, timed("Spark over Parquet", lambda: spark_answers(parquet)))


main()
