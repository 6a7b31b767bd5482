-- The tables as Parquet (analytics/duckdb/parquet.sql), for Spark 3.4 or newer with the session time zone UTC.
CREATE OR REPLACE TEMPORARY VIEW run USING parquet OPTIONS (path 'parquet/run.parquet');
CREATE OR REPLACE TEMPORARY VIEW release USING parquet OPTIONS (path 'parquet/release.parquet');
CREATE OR REPLACE TEMPORARY VIEW defect USING parquet OPTIONS (path 'parquet/defect.parquet');
CREATE OR REPLACE TEMPORARY VIEW exception USING parquet OPTIONS (path 'parquet/exception.parquet');

-- One row for each team and component of a defect, null for none. `Cart` and `cart` are one.
CREATE OR REPLACE TEMPORARY VIEW defect_area AS
SELECT DISTINCT owner, repository, run, number, lower(team) AS team, lower(component) AS component
FROM defect
LATERAL VIEW OUTER explode(teams) AS team
LATERAL VIEW OUTER explode(components) AS component;

CREATE OR REPLACE TEMPORARY VIEW defect_gate AS
SELECT owner, repository, run, number, quality_gate
FROM defect
LATERAL VIEW explode(quality_gates) AS quality_gate;
