-- The values of `escape-gate org` for DuckDB, Spark and Trino. Create the views of analytics/ENGINE/tables.sql first, and a view
-- `parameters` with one row: since and until (timestamps in UTC).

-- The newest run of each gate. Each run has all defects, so any other run would count them again.
CREATE OR REPLACE TEMPORARY VIEW newest_run AS
SELECT owner, repository, run, collected_at, evaluated_at
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY owner, repository, gate ORDER BY collected_at DESC, evaluated_at DESC, run DESC) AS place
  FROM run) AS placed
WHERE place = 1;

-- Each issue once, also if several gates export it.
CREATE OR REPLACE TEMPORARY VIEW counted_defect AS
SELECT *
FROM (
  SELECT d.*, row_number() OVER (
    PARTITION BY d.owner, d.repository, d.number
    ORDER BY r.collected_at DESC, r.evaluated_at DESC, r.run DESC) AS place
  FROM defect AS d
  JOIN newest_run AS r ON d.owner = r.owner AND d.repository = r.repository AND d.run = r.run
  WHERE d.excluded IS NULL) AS placed
WHERE place = 1;

CREATE OR REPLACE TEMPORARY VIEW recent_defect AS
SELECT d.*
FROM counted_defect AS d
CROSS JOIN parameters AS p
WHERE d.created_at >= p.since AND d.created_at <= p.until;

CREATE OR REPLACE TEMPORARY VIEW recent_release AS
SELECT l.owner, l.repository, l.tag, max(CASE WHEN l.failed THEN 1 ELSE 0 END) AS failed
FROM release AS l
JOIN newest_run AS r ON l.owner = r.owner AND l.repository = r.repository AND l.run = r.run
CROSS JOIN parameters AS p
WHERE l.rated AND l.published_at >= p.since AND l.published_at <= p.until
GROUP BY l.owner, l.repository, l.tag;

-- One row for each repository.
CREATE OR REPLACE TEMPORARY VIEW by_repository AS
SELECT
  r.owner, r.repository,
  coalesce(d.escaped, 0) AS escaped, coalesce(d.critical, 0) AS critical, coalesce(d.major, 0) AS major,
  coalesce(d.rate_escaped, 0) AS rate_escaped, coalesce(d.rate_all, 0) AS rate_all,
  coalesce(l.failed, 0) AS failed_releases, coalesce(l.rated, 0) AS rated_releases,
  d.median_seconds, coalesce(d.timed, 0) AS timed,
  coalesce(e.waivers, 0) AS waivers, coalesce(e.overrides, 0) AS overrides
FROM (SELECT DISTINCT owner, repository FROM newest_run) AS r
LEFT JOIN (
  SELECT owner, repository,
    sum(CASE WHEN phase = 'escaped' THEN 1 ELSE 0 END) AS escaped,
    sum(CASE WHEN phase = 'escaped' AND severity = 'critical' THEN 1 ELSE 0 END) AS critical,
    sum(CASE WHEN phase = 'escaped' AND severity = 'major' THEN 1 ELSE 0 END) AS major,
    sum(CASE WHEN rated AND phase = 'escaped' THEN 1 ELSE 0 END) AS rate_escaped,
    sum(CASE WHEN rated THEN 1 ELSE 0 END) AS rate_all,
    CAST(ceil(median(detection_seconds)) AS BIGINT) AS median_seconds,
    count(detection_seconds) AS timed
  FROM recent_defect
  GROUP BY owner, repository) AS d ON d.owner = r.owner AND d.repository = r.repository
LEFT JOIN (
  SELECT owner, repository, sum(failed) AS failed, count(*) AS rated
  FROM recent_release
  GROUP BY owner, repository) AS l ON l.owner = r.owner AND l.repository = r.repository
LEFT JOIN (
  SELECT x.owner, x.repository,
    sum(CASE WHEN x.kind = 'waiver' THEN 1 ELSE 0 END) AS waivers,
    sum(CASE WHEN x.kind = 'override' THEN 1 ELSE 0 END) AS overrides
  FROM exception AS x
  JOIN newest_run AS n ON x.owner = n.owner AND x.repository = n.repository AND x.run = n.run
  WHERE x.effect = 'applied'
  GROUP BY x.owner, x.repository) AS e ON e.owner = r.owner AND e.repository = r.repository;

-- The escape rate with its 95 % Wilson score interval. z is the standard normal quantile at 97.5 %.
CREATE OR REPLACE TEMPORARY VIEW repository_rate AS
SELECT owner, repository, rate, n,
  greatest(0.0, (rate + z * z / (2 * n) - spread) / (1 + z * z / n)) AS low,
  least(1.0, (rate + z * z / (2 * n) + spread) / (1 + z * z / n)) AS high
FROM (
  SELECT *, z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) AS spread
  FROM (
    SELECT owner, repository, CAST(rate_escaped AS DOUBLE) / rate_all AS rate, CAST(rate_all AS DOUBLE) AS n,
      CAST(1.959963984540054 AS DOUBLE) AS z
    FROM by_repository
    WHERE rate_all > 0) AS rates) AS spreads;

-- One row for each team, component and repository, by names in lower case.
CREATE OR REPLACE TEMPORARY VIEW by_area AS
SELECT a.team, a.component, a.owner, a.repository,
  sum(CASE WHEN d.phase = 'escaped' THEN 1 ELSE 0 END) AS escaped,
  sum(CASE WHEN d.phase = 'escaped' AND d.severity = 'critical' THEN 1 ELSE 0 END) AS critical,
  sum(CASE WHEN d.phase = 'escaped' AND d.severity = 'major' THEN 1 ELSE 0 END) AS major,
  sum(CASE WHEN d.rated AND d.phase = 'escaped' THEN 1 ELSE 0 END) AS rate_escaped,
  sum(CASE WHEN d.rated THEN 1 ELSE 0 END) AS rate_all
FROM defect_area AS a
JOIN recent_defect AS d
  ON a.owner = d.owner AND a.repository = d.repository AND a.run = d.run AND a.number = d.number
GROUP BY a.team, a.component, a.owner, a.repository;

-- One row for each quarter.
CREATE OR REPLACE TEMPORARY VIEW by_quarter AS
SELECT date_trunc('quarter', created_at) AS quarter,
  sum(CASE WHEN severity = 'critical' THEN 1 ELSE 0 END) AS critical,
  sum(CASE WHEN severity = 'major' THEN 1 ELSE 0 END) AS major
FROM recent_defect
WHERE phase = 'escaped'
GROUP BY date_trunc('quarter', created_at);

-- Escaped defects that each quality gate should have caught.
CREATE OR REPLACE TEMPORARY VIEW by_quality_gate AS
SELECT g.quality_gate, count(*) AS defects
FROM defect_gate AS g
JOIN recent_defect AS d
  ON g.owner = d.owner AND g.repository = d.repository AND g.run = d.run AND g.number = d.number
WHERE d.phase = 'escaped'
GROUP BY g.quality_gate;
