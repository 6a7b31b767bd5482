"""Writes exports of many made-up repositories, the same on every machine.

python3 tests/analytics/generate.py FOLDER [--repositories N] [--defects N]

Every table has what `escape-gate export` writes. Each repository also has an older run, which must not count.
"""

import argparse
import gzip
import hashlib
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

NOW = datetime(2026, 6, 10, tzinfo=timezone.utc)
GATES = ["review", "unit", "integration", "end-to-end", "performance", "security", "monitoring"]


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def write(folder, table, repository, run, rows):
    if not rows:
        return
    place = folder / table / f"repository=acme%2F{repository}" / f"date={run['date']}"
    place.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps({**run["key"], **row}, separators=(",", ":")) + "\n" for row in rows)
    with open(place / f"{run['id']}.ndjson.gz", "wb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0, filename="") as packed:
            packed.write(lines.encode())


def release(number, chance):
    published = NOW - timedelta(days=14 * (40 - number), hours=chance.randrange(24))
    return {
        "vcs.ref.head.name": f"v1.{number}.0",
        "vcs.ref.head.revision": f"{number:040x}",
        "escape_gate.release.line": f"1.{number}",
        "escape_gate.release.published_at": text(published),
        "escape_gate.release.draft": False,
        "escape_gate.release.prerelease": number % 13 == 0,
        "escape_gate.release.rated": number % 13 != 0 and number < 38,
        "escape_gate.release.failed": None,
        "escape_gate.release.failed_by": [],
        "escape_gate.release.failed_deployments": None,
        "escape_gate.release.rolled_back_to": None,
        "escape_gate.release.taken_back_by": None,
        "escape_gate.release.hotfixed_by": None,
        "deployment.environment.name": "production",
    }


def defect(number, repository, chance):
    created = NOW - timedelta(seconds=chance.randrange(-86_400, 600 * 86_400))
    escaped = chance.random() < 0.4
    teams = chance.sample(["Shop", "shop", "payments", "search", "platform"], chance.choice([0, 1, 1, 1, 2]))
    components = chance.sample(["cart", "Cart", "login", "ledger", "index", "api"], chance.choice([0, 1, 1, 2]))
    return {
        "escape_gate.defect.number": number,
        "escape_gate.defect.url": f"https://github.com/acme/{repository}/issues/{number}",
        "escape_gate.defect.phase": "escaped" if escaped else "caught",
        "escape_gate.defect.excluded": "infra" if chance.random() < 0.05 else None,
        "escape_gate.defect.severity": chance.choice(["critical", "major", "major", "minor", "minor", "minor", None]),
        "escape_gate.defect.triaged": chance.random() < 0.9,
        "escape_gate.defect.open": chance.random() < 0.3,
        "escape_gate.defect.created_at": text(created),
        "escape_gate.defect.closed_at": None,
        "escape_gate.defect.components": components,
        "escape_gate.defect.teams": teams,
        "escape_gate.defect.kinds": ["functional"],
        "escape_gate.defect.found_by": ["monitoring"],
        "escape_gate.defect.root_causes": [],
        "escape_gate.defect.detection_gaps": [],
        "escape_gate.defect.quality_gates": chance.sample(GATES, chance.choice([0, 1, 1, 2])) if escaped else [],
        "escape_gate.defect.found_in": f"v1.{chance.randrange(40)}.0",
        "escape_gate.defect.found_in_method": "label",
        "escape_gate.defect.introduced_in": None,
        "escape_gate.defect.introduced_by": None,
        "escape_gate.defect.detection_seconds": chance.randrange(10_000_000) if escaped and chance.random() < 0.6 else None,
        "escape_gate.defect.rated": None if repository.endswith("7") else chance.random() < 0.9,
        "escape_gate.defect.status": "affected" if escaped else None,
        "escape_gate.defect.lines": [{"line": "1.39", "release": "v1.39.0", "status": "fixed"}] if escaped else [],
    }


def repository(folder, number, defects, chance, days_ago, gate):
    name = f"service-{number}"
    collected = NOW - timedelta(days=days_ago)
    key = {"vcs.owner.name": "acme", "vcs.repository.name": name}
    stamp = hashlib.sha256(f"{name} {days_ago} {gate}".encode()).hexdigest()[:16]
    run = {"id": collected.strftime("%Y%m%dT%H%M%SZ") + "-" + stamp, "date": collected.strftime("%Y-%m-%d")}
    run["key"] = {**key, "escape_gate.run.id": run["id"]}
    rows = [defect(at, name, chance) for at in range(1, defects + 1)]
    found = {}
    for row in rows:
        if row["escape_gate.defect.phase"] == "escaped" and row["escape_gate.defect.excluded"] is None:
            found.setdefault(row["escape_gate.defect.found_in"], []).append(row["escape_gate.defect.number"])
    releases = [release(at, chance) for at in range(40)]
    for row in releases:
        if row["escape_gate.release.rated"]:
            by = found.get(row["vcs.ref.head.name"], [])
            # A failed deployment fails a release without any defect.
            failed = chance.random() < 0.1
            fails = bool(by) and chance.random() < 0.5
            row["escape_gate.release.failed"] = fails or failed
            row["escape_gate.release.failed_by"] = by if fails else []
            row["escape_gate.release.failed_deployments"] = int(failed)
    exceptions = [
        {
            "escape_gate.exception.kind": chance.choice(["waiver", "override"]),
            "escape_gate.exception.effect": chance.choice(["applied", "expired"]),
            "escape_gate.exception.rules": ["zero-critical"],
            "escape_gate.exception.issues": [],
            "escape_gate.exception.by": "ada",
            "escape_gate.exception.reason": "accepted",
            "escape_gate.exception.expires": None,
            "escape_gate.exception.ends_with": None,
            "escape_gate.exception.written_at": None,
            "escape_gate.exception.place": "policy.yml",
        }
        for _ in range(chance.randrange(4))
    ]
    write(folder, "releases", name, run, releases)
    write(folder, "defects", name, run, rows)
    write(folder, "exceptions", name, run, exceptions)
    write(folder, "runs", name, run, [{
        "escape_gate.gate.id": gate,
        "escape_gate.schema": 1,
        "escape_gate.version": "0.1.0",
        "escape_gate.policy": "policy.yml",
        "escape_gate.product": None,
        "escape_gate.collected_at": text(collected),
        "escape_gate.evaluated_at": text(collected),
        "vcs.ref.head.name": "v1.40.0",
        "vcs.ref.head.type": "tag",
        "vcs.ref.head.revision": "c" * 40,
        "vcs.change.id": None,
        "cicd.pipeline.run.id": None,
        "cicd.pipeline.run.url.full": None,
        "deployment.environment.name": "production",
        "escape_gate.verdict": "pass",
        "escape_gate.dry_run": False,
        "escape_gate.caught_defined": not name.endswith("7"),
        "escape_gate.gaps": [],
        "escape_gate.tests": None,
        "escape_gate.rows": {
            "releases": len(releases), "defects": len(rows), "rules": 0, "tests": None, "exceptions": len(exceptions),
        },
    }])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--repositories", type=int, default=20)
    options.add_argument("--defects", type=int, default=200)
    chosen = options.parse_args()
    for number in range(chosen.repositories):
        chance = random.Random(number)
        repository(chosen.folder, number, chosen.defects, chance, 1, "default")
        repository(chosen.folder, number, chosen.defects // 10, chance, 40, "default")
        if number % 10 == 3:
            # A second gate exports the same issues and some more.
            repository(chosen.folder, number, chosen.defects + 5, chance, 2, "other.yml")


main()
