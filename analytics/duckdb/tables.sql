-- Plain names over the exports, for DuckDB. Set the folder first: SET VARIABLE exports = 'exports';
CREATE OR REPLACE VIEW run AS
SELECT
  "vcs.owner.name" AS owner,
  "vcs.repository.name" AS repository,
  "escape_gate.run.id" AS run,
  "escape_gate.gate.id" AS gate,
  CAST("escape_gate.collected_at" AS TIMESTAMP) AS collected_at,
  CAST("escape_gate.evaluated_at" AS TIMESTAMP) AS evaluated_at
FROM read_json(
  getvariable('exports') || '/runs/*/*/*.ndjson.gz', format = 'newline_delimited', hive_partitioning = false,
  columns = {
    'vcs.owner.name': 'VARCHAR', 'vcs.repository.name': 'VARCHAR', 'escape_gate.run.id': 'VARCHAR',
    'escape_gate.gate.id': 'VARCHAR', 'escape_gate.collected_at': 'VARCHAR', 'escape_gate.evaluated_at': 'VARCHAR'
  }
);

CREATE OR REPLACE VIEW release AS
SELECT
  "vcs.owner.name" AS owner,
  "vcs.repository.name" AS repository,
  "escape_gate.run.id" AS run,
  "vcs.ref.head.name" AS tag,
  CAST("escape_gate.release.published_at" AS TIMESTAMP) AS published_at,
  "escape_gate.release.rated" AS rated,
  "escape_gate.release.failed" AS failed,
  "escape_gate.release.failed_by" AS failed_by
FROM read_json(
  getvariable('exports') || '/releases/*/*/*.ndjson.gz', format = 'newline_delimited', hive_partitioning = false,
  columns = {
    'vcs.owner.name': 'VARCHAR', 'vcs.repository.name': 'VARCHAR', 'escape_gate.run.id': 'VARCHAR',
    'vcs.ref.head.name': 'VARCHAR', 'escape_gate.release.published_at': 'VARCHAR',
    'escape_gate.release.rated': 'BOOLEAN', 'escape_gate.release.failed': 'BOOLEAN',
    'escape_gate.release.failed_by': 'BIGINT[]'
  }
);

CREATE OR REPLACE VIEW defect AS
SELECT
  "vcs.owner.name" AS owner,
  "vcs.repository.name" AS repository,
  "escape_gate.run.id" AS run,
  "escape_gate.defect.number" AS number,
  "escape_gate.defect.phase" AS phase,
  "escape_gate.defect.excluded" AS excluded,
  "escape_gate.defect.severity" AS severity,
  CAST("escape_gate.defect.created_at" AS TIMESTAMP) AS created_at,
  "escape_gate.defect.teams" AS teams,
  "escape_gate.defect.components" AS components,
  "escape_gate.defect.quality_gates" AS quality_gates,
  "escape_gate.defect.detection_seconds" AS detection_seconds,
  "escape_gate.defect.rated" AS rated
FROM read_json(
  getvariable('exports') || '/defects/*/*/*.ndjson.gz', format = 'newline_delimited', hive_partitioning = false,
  columns = {
    'vcs.owner.name': 'VARCHAR', 'vcs.repository.name': 'VARCHAR', 'escape_gate.run.id': 'VARCHAR',
    'escape_gate.defect.number': 'BIGINT', 'escape_gate.defect.phase': 'VARCHAR',
    'escape_gate.defect.excluded': 'VARCHAR', 'escape_gate.defect.severity': 'VARCHAR',
    'escape_gate.defect.created_at': 'VARCHAR', 'escape_gate.defect.teams': 'VARCHAR[]',
    'escape_gate.defect.components': 'VARCHAR[]', 'escape_gate.defect.quality_gates': 'VARCHAR[]',
    'escape_gate.defect.detection_seconds': 'BIGINT', 'escape_gate.defect.rated': 'BOOLEAN'
  }
);

CREATE OR REPLACE VIEW exception AS
SELECT
  "vcs.owner.name" AS owner,
  "vcs.repository.name" AS repository,
  "escape_gate.run.id" AS run,
  "escape_gate.exception.kind" AS kind,
  "escape_gate.exception.effect" AS effect
FROM read_json(
  getvariable('exports') || '/exceptions/*/*/*.ndjson.gz', format = 'newline_delimited', hive_partitioning = false,
  columns = {
    'vcs.owner.name': 'VARCHAR', 'vcs.repository.name': 'VARCHAR', 'escape_gate.run.id': 'VARCHAR',
    'escape_gate.exception.kind': 'VARCHAR', 'escape_gate.exception.effect': 'VARCHAR'
  }
);
