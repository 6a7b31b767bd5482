-- Lists of defects as rows, for DuckDB.

-- One row for each team and component of a defect, null for none. `Cart` and `cart` are one.
CREATE OR REPLACE VIEW defect_area AS
SELECT DISTINCT owner, repository, run, number, lower(team) AS team, lower(component) AS component
FROM (
  SELECT *, unnest(CASE WHEN len(components) = 0 THEN [NULL] ELSE components END) AS component
  FROM (SELECT *, unnest(CASE WHEN len(teams) = 0 THEN [NULL] ELSE teams END) AS team FROM defect));

CREATE OR REPLACE VIEW defect_gate AS
SELECT owner, repository, run, number, unnest(quality_gates) AS quality_gate FROM defect;
